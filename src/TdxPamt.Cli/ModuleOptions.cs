using System.CommandLine;
using TdxPamt.Tdmr;

namespace TdxPamt.Cli;

/// <summary>The options that override what a host document says of its kernel and module.</summary>
internal sealed class ModuleOptions
{
    private readonly Option<string?> _kernel = new("--kernel") { Description = "Whose rules to follow." };
    private readonly Option<bool?> _dynamicPamt = new("--dynamic-pamt") { Description = "Use Dynamic PAMT." };
    private readonly Option<int?> _maxTdmrs = new("--max-tdmrs") { Description = "TDMRs that the module takes." };
    private readonly Option<int?> _maxReservedAreas = new("--max-reserved-areas")
    {
        Description = "Reserved areas that the module takes for a TDMR.",
    };

    internal ModuleOptions()
    {
        _kernel.AcceptOnlyFromAmong([.. KernelModel.All.Select(static kernel => kernel.Name)]);
        RefuseOutside(_maxTdmrs, value => ModuleParameters.Default with { MaxTdmrs = value });
        RefuseOutside(_maxReservedAreas, value => ModuleParameters.Default with { MaxReservedAreas = value });
    }

    internal void AddTo(Command command)
    {
        command.Options.Add(_kernel);
        command.Options.Add(_dynamicPamt);
        command.Options.Add(_maxTdmrs);
        command.Options.Add(_maxReservedAreas);
    }

    internal KernelModel? Kernel(ParseResult parsed) =>
        parsed.GetValue(_kernel) is { } name ? KernelModel.Find(name) : null;

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

    private static void RefuseOutside(Option<int?> option, Func<int, ModuleParameters> set) =>
        option.Validators.Add(result =>
        {
            try
            {
                if (result.Errors.Any() || result.GetValueOrDefault<int?>() is not { } value)
                    return;
                set(value);
            }
            catch (ArgumentOutOfRangeException refused)
            {
                result.AddError($"{option.Name}: {refused.Message.Split(Environment.NewLine)[0]}");
            }
        });
}
