using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using TdxPamt.Hosts;

namespace TdxPamt.Native;

/// <summary>The command's answers as JSON; see <c>tdxpamt.h</c>.</summary>
internal static unsafe class JsonExports
{
    private const string DefaultName = "input";

    private delegate bool JsonCommand(
        ReadOnlySpan<byte> input, string fileName, ReadOnlySpan<byte> options, IBufferWriter<byte> output);

    [UnmanagedCallersOnly(EntryPoint = "tdxpamt_plan")]
    private static NativeResult Plan(void* input, nuint length, byte* name, byte* options, ulong* answer) =>
        Answer(HostCommands.Plan, input, length, name, options, answer);

    [UnmanagedCallersOnly(EntryPoint = "tdxpamt_check")]
    private static NativeResult Check(void* input, nuint length, byte* name, byte* options, ulong* answer) =>
        Answer(HostCommands.Check, input, length, name, options, answer);

    [UnmanagedCallersOnly(EntryPoint = "tdxpamt_compare")]
    private static NativeResult Compare(void* input, nuint length, byte* name, byte* options, ulong* answer) =>
        Answer(HostCommands.Compare, input, length, name, options, answer);

    [UnmanagedCallersOnly(EntryPoint = "tdxpamt_cost")]
    private static NativeResult Cost(void* input, nuint length, byte* name, byte* options, ulong* answer) =>
        Answer(HostCommands.Cost, input, length, name, options, answer);

    [UnmanagedCallersOnly(EntryPoint = "tdxpamt_simulate")]
    private static NativeResult Simulate(void* input, nuint length, byte* name, byte* options, ulong* answer) =>
        Answer(HostCommands.Simulate, input, length, name, options, answer);

    [UnmanagedCallersOnly(EntryPoint = "tdxpamt_doctor")]
    private static NativeResult Doctor(void* input, nuint length, byte* name, byte* options, ulong* answer) =>
        Answer(HostCommands.Doctor, input, length, name, options, answer);

    /// <summary>An input's name: what its caller says, or a plain word.</summary>
    internal static string Name(byte* name) =>
        name is null ? DefaultName : Encoding.UTF8.GetString(Arguments.Text(name));

    private static NativeResult Answer(
        JsonCommand command, void* input, nuint length, byte* name, byte* options, ulong* answer) => Boundary.Run(() =>
    {
        if (answer is null)
            throw NativeException.Null(nameof(answer));
        ArrayBufferWriter<byte> output = new();
        ReadOnlySpan<byte> bytes = Arguments.Bytes(input, length, nameof(input));
        bool isYes = command(bytes, Name(name), Arguments.Text(options), output);
        *answer = Handles.Add(new NativeText(output.WrittenSpan));
        return isYes ? NativeResult.Ok : NativeResult.Negative;
    });
}
