using System.Runtime.InteropServices;
using System.Text;
using TdxPamt.Hosts;
using TdxPamt.Module;

namespace TdxPamt.Native;

/// <summary>The TDX module; see <c>tdxpamt.h</c>.</summary>
internal static unsafe class ModuleExports
{
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

    // SeamcallRegisters has the layout of a tdxpamt_registers.
    [UnmanagedCallersOnly(EntryPoint = "tdxpamt_module_seamcall")]
    private static NativeResult Seamcall(ulong module, uint processor, SeamcallRegisters* registers) =>
        Boundary.Run(() =>
        {
            TdxModule found = Handles.Get<TdxModule>(module);
            if (registers is null)
                throw NativeException.Null(nameof(registers));
            found.Call(ref *registers, (int)Math.Min(processor, int.MaxValue));
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
