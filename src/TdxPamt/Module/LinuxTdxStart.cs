namespace TdxPamt.Module;

/// <summary>The SEAMCALLs that Linux makes to start a TDX module, in its order, against any
/// module (docs/model.md#linux-start).</summary>
/// <remarks>
/// <para>A simulator's author calls it to see whether a module is good enough for an unmodified kernel:
/// <see cref="TdxModule.Call"/>, or a handler of one's own. It stops where the kernel stops, with the
/// kernel's sentence.</para>
/// <para>Without state, so as safe for many threads as what it calls.</para>
/// </remarks>
public static class LinuxTdxStart
{
    /// <summary>Starts a <see cref="TdxModule"/> with the TDMRs of a construction, on all its processors and with its
    /// first private key id.</summary>
    /// <param name="module">The module, just loaded.</param>
    /// <param name="tdmrs">The TDMRs, 1 to 64, of at most 16 reserved areas each.</param>
    /// <param name="kernel">Whose start-up to follow.</param>
    /// <returns>What the kernel logs, and where it stopped.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="module"/> is null.</exception>
    /// <exception cref="ArgumentException">A TDMR is null, or has more reserved areas than a TDMR_INFO holds; or there
    /// are none, or more than 64.</exception>
    public static LinuxTdxStartResult Run(
        TdxModule module, ReadOnlySpan<TdmrInfo> tdmrs, LinuxTdxStartKernel kernel)
    {
        TdxModuleOptions machine = Preconditions.NotNull(module, nameof(module)).Options;
        return Run(Call, module.Memory, tdmrs, new()
        {
            Kernel = kernel,
            PackageOfProcessor = machine.PackageOfProcessor,
            GlobalKeyId = (int)machine.FirstPrivate,
        });

        bool Call(ref SeamcallRegisters registers, int processor)
        {
            module.Call(ref registers, processor);
            return true;
        }
    }

    /// <summary>Starts a module with the TDMRs of a construction.</summary>
    /// <param name="seamcall">The module.</param>
    /// <param name="memory">The machine's memory, where the kernel writes its TDMR_INFOs.</param>
    /// <param name="tdmrs">The TDMRs, 1 to 64, of at most 16 reserved areas each.</param>
    /// <param name="options">Which kernel on which machine; null: a new <see cref="LinuxTdxStartOptions"/>.</param>
    /// <returns>What the kernel logs, and where it stopped.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="seamcall"/> or <paramref name="memory"/>
    /// is null.</exception>
    /// <exception cref="ArgumentException">A TDMR is null, or has more reserved areas than a TDMR_INFO holds; there are
    /// none, or more than 64; or their TDMR_INFOs would end above 2^52.</exception>
    public static LinuxTdxStartResult Run(
        Seamcall seamcall, IPhysicalMemory memory, ReadOnlySpan<TdmrInfo> tdmrs, LinuxTdxStartOptions? options = null)
    {
        Preconditions.NotNull(seamcall, nameof(seamcall));
        Preconditions.NotNull(memory, nameof(memory));
        if (tdmrs.Length is < 1 or > (int)SysConfig.MaxTdmrs)
            throw new ArgumentException($"there must be 1 to {SysConfig.MaxTdmrs} TDMRs, and there are {tdmrs.Length}");
        options ??= new();
        memory.WriteTdmrInfos(options.TdmrInfosAddress, tdmrs);
        return new LinuxTdxStartRun(seamcall, options).Start(tdmrs);
    }
}
