using System.Runtime.InteropServices;
using System.Text;
using TdxPamt.Hosts;
using TdxPamt.Module;

namespace TdxPamt.Native;

/// <summary>The TDX module; see <c>tdxpamt.h</c>.</summary>
internal static unsafe class ModuleExports
{
    /// <summary><c>tdxpamt_registers</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Registers
    {
        internal ulong Rax;
        internal ulong Rcx;
        internal ulong Rdx;
        internal ulong R8;
        internal ulong R9;
        internal ulong R10;
        internal ulong R11;
        internal ulong R12;
        internal ulong R13;
    }

    [UnmanagedCallersOnly(EntryPoint = "tdxpamt_module_create")]
    private static NativeResult Create(ulong host, byte* options, MemoryCallbacks* memory, ulong* module) =>
        Boundary.Run(() =>
        {
            HostDescription described = Handles.Get<HostDescription>(host);
            if (module is null)
                throw NativeException.Null(nameof(module));
            TdxModuleOptions asked = OptionsJson.Read<ModuleOptionsJson>(Arguments.Text(options)).Options;
            *module = Handles.Add(TdxModule.FromHost(
                described.Memory, asked, memory is null ? null : new CallerMemory(*memory)));
            return NativeResult.Ok;
        });

    [UnmanagedCallersOnly(EntryPoint = "tdxpamt_module_seamcall")]
    private static NativeResult Seamcall(ulong module, uint processor, Registers* registers) => Boundary.Run(() =>
    {
        TdxModule found = Handles.Get<TdxModule>(module);
        if (registers is null)
            throw NativeException.Null(nameof(registers));
        SeamcallRegisters call = new()
        {
            Rax = registers->Rax,
            Rcx = registers->Rcx,
            Rdx = registers->Rdx,
            R8 = registers->R8,
            R9 = registers->R9,
            R10 = registers->R10,
            R11 = registers->R11,
            R12 = registers->R12,
            R13 = registers->R13,
        };
        found.Call(ref call, (int)Math.Min(processor, int.MaxValue));
        *registers = new()
        {
            Rax = call.Rax,
            Rcx = call.Rcx,
            Rdx = call.Rdx,
            R8 = call.R8,
            R9 = call.R9,
            R10 = call.R10,
            R11 = call.R11,
            R12 = call.R12,
            R13 = call.R13,
        };
        return NativeResult.Ok;
    });

    [UnmanagedCallersOnly(EntryPoint = "tdxpamt_module_update")]
    private static NativeResult Update(ulong last, byte* release, ulong* next) => Boundary.Run(() =>
    {
        TdxModule before = Handles.Get<TdxModule>(last);
        if (next is null)
            throw NativeException.Null(nameof(next));
        TdxModuleOptions options = before.Options;
        if (release is not null)
        {
            string name = Encoding.UTF8.GetString(Arguments.Text(release));
            options = options with
            {
                Release = TdxModuleRelease.TryParse(name, out TdxModuleRelease? found)
                    ? found
                    : throw new NativeException(
                        NativeResult.BadArgument,
                        $"release must be one of {string.Join(", ", TdxModuleRelease.All)}"),
            };
        }

        if (before.Handoff is not { } handoff)
            throw new NativeException(NativeResult.BadArgument, "last must be shut down: TDH.SYS.SHUTDOWN is due");
        *next = Handles.Add(new TdxModule(before.Cmrs, options, before.Memory, handoff));
        return NativeResult.Ok;
    });

    [UnmanagedCallersOnly(EntryPoint = "tdxpamt_module_free")]
    private static NativeResult Free(ulong module) => Boundary.Run(() =>
    {
        Handles.Remove<TdxModule>(module);
        return NativeResult.Ok;
    });
}
