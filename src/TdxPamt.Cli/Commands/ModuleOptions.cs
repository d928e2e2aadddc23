using System.CommandLine;
using TdxPamt.Hosts;

namespace TdxPamt.Cli;

/// <summary>The options that override what a host document says of its kernel and module.</summary>
/// <param name="withKernel">Whether <c>--kernel</c> is one of them.</param>
internal sealed class ModuleOptions(bool withKernel)
{
    private static readonly string KernelNames = string.Join(", ", KernelModel.All);

    private readonly Option<KernelModel?> _kernel = new("--kernel")
    {
        HelpName = "NAME",
        Description = $"Whose rules to follow: {KernelNames} [default: what the input says, or mainline].",
        CompletionSources = { KernelModel.All.Select(static kernel => kernel.Name).ToArray() },
        CustomParser = Parse.Option<KernelModel>(static text => KernelModel.TryParse(text, out KernelModel? kernel)
            ? kernel
            : OptionValue<KernelModel>.Refuse(
                Parse.NoneOf(text, KernelModel.All.Select(static kernel => kernel.Name)))),
    };

    private readonly Option<bool?> _dynamicPamt = new("--dynamic-pamt") { Description = "Use Dynamic PAMT." };

    private readonly Option<int?> _maxTdmrs = new("--max-tdmrs")
    {
        HelpName = "N",
        Description = "How many TDMRs the module takes [default: 64].",
        CustomParser = static result => Parse.Whole(1, ushort.MaxValue)(result),
    };

    private readonly Option<int?> _maxReservedAreas = new("--max-reserved-areas")
    {
        HelpName = "N",
        Description = "How many reserved areas the module takes for a TDMR [default: 16].",
        CustomParser = static result => Parse.Whole(0, ushort.MaxValue)(result),
    };

    internal void AddTo(Command command)
    {
        if (withKernel)
            command.Options.Add(_kernel);
        command.Options.Add(_dynamicPamt);
        command.Options.Add(_maxTdmrs);
        command.Options.Add(_maxReservedAreas);
    }

    /// <summary>The kernel that was asked for, or null.</summary>
    internal KernelModel? Kernel(ParseResult parsed) => parsed.GetValue(_kernel);

    /// <summary>The kernel to follow for a host.</summary>
    internal KernelModel Kernel(ParseResult parsed, HostDescription host) =>
        host.KernelOr(Kernel(parsed));

    /// <summary>What a host's module is taken to report.</summary>
    internal ModuleParameters Module(ParseResult parsed, HostDescription host) =>
        Override(parsed)(host.ModuleFor(Kernel(parsed, host)));

    internal Func<ModuleParameters, ModuleParameters> Override(ParseResult parsed)
    {
        bool? dynamicPamt = parsed.GetValue(_dynamicPamt);
        int? maxTdmrs = parsed.GetValue(_maxTdmrs);
        int? maxReservedAreas = parsed.GetValue(_maxReservedAreas);
        return module => module with
        {
            DynamicPamt = dynamicPamt ?? module.DynamicPamt,
            MaxTdmrs = maxTdmrs ?? module.MaxTdmrs,
            MaxReservedAreas = maxReservedAreas ?? module.MaxReservedAreas,
        };
    }
}
