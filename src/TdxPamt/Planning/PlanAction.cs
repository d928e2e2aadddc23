namespace TdxPamt.Planning;

/// <summary>Something that makes a machine work, or gives it more room: it was tried in the model.</summary>
/// <remarks>Immutable and equal by value. Rules: docs/model.md#actions.</remarks>
public sealed record PlanAction
{
    internal PlanAction(PlanActionKind kind, string text, MemoryPlan plan)
    {
        Kind = kind;
        Text = text;
        Plan = plan;
    }

    /// <summary>What is to be changed.</summary>
    public PlanActionKind Kind { get; }

    /// <summary>What to do and what it costs, in a sentence without a full stop.</summary>
    public string Text { get; internal init; }

    /// <summary>What the changed machine gets.</summary>
    public MemoryPlan Plan { get; }

    /// <summary>The RAM that is kept from Linux by a boot option, or that lies between ranges of the firmware, in
    /// ascending order; none for other actions.</summary>
    public ValueList<AddressRange> Ram { get; internal init; }

    /// <summary>The boot option as the kernel reads it: <c>memmap=4K$0x64158000</c>; null for other actions.</summary>
    public string? BootOption { get; internal init; }

    /// <summary>The boot option as it is written in <c>GRUB_CMDLINE_LINUX="..."</c> of /etc/default/grub, where a shell
    /// and then GRUB read it: <c>memmap=4K\\\$0x64158000</c>; null for other actions.</summary>
    public string? GrubOption => BootOption?.Replace("$", @"\\\$");

    /// <summary>The boot option as a word of a shell's command: <c>'memmap=4K$0x64158000'</c>; null for
    /// other actions.</summary>
    public string? ShellOption => BootOption is null ? null : $"'{BootOption}'";

    /// <summary>What to do.</summary>
    /// <returns><see cref="Text"/>.</returns>
    public override string ToString() => Text;
}
