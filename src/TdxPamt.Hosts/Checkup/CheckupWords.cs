namespace TdxPamt.Hosts;

/// <summary>Words of checks that several of them, or documents and pages, share.</summary>
internal static class CheckupWords
{
    /// <summary>The action where what is to be done is that of another check.</summary>
    internal const string SeeAbove = "mend what fails above, and look again";

    /// <summary>How to find out what the input does not say.</summary>
    internal static string HowToKnow(HostDescription host) => host.IsCollected
        ? "the kernel prints it as TDX starts: mend what fails, boot, and collect again as root"
        : "run \"sudo tdxpamt collect -o machine.txt\" on the machine, and give doctor that file";

    internal static string Name(CheckResult result) => result switch
    {
        CheckResult.Pass => "pass",
        CheckResult.Warn => "warn",
        CheckResult.Fail => "fail",
        _ => "unknown",
    };
}
