namespace TdxPamt.Module;

/// <summary>The operands that a completion status can name by number: registers, fields of structures, and structures
/// that a call takes with it (docs/model.md#calls).</summary>
internal static class OperandNames
{
    private const string Register = "a register of the call";
    private const string Field = "a field of the parameters with which a TD is initialised";
    private const string Entry = "an entry of a list that the call was given";

    private static readonly (int Number, string Name, string Meaning)[] Rows =
    [
        ((int)SeamcallRegister.Rax, "RAX", "the register with the leaf in bits 15:0 and the version in bits 23:16"),
        ((int)SeamcallRegister.Rcx, "RCX", Register),
        ((int)SeamcallRegister.Rdx, "RDX", Register),
        (3, "RBX", Register),
        (5, "RBP", Register),
        (6, "RSI", Register),
        (7, "RDI", Register),
        ((int)SeamcallRegister.R8, "R8", Register),
        ((int)SeamcallRegister.R9, "R9", Register),
        ((int)SeamcallRegister.R10, "R10", Register),
        ((int)SeamcallRegister.R11, "R11", Register),
        (12, "R12", Register),
        (13, "R13", Register),
        (14, "R14", Register),
        (15, "R15", Register),
        (64, "ATTRIBUTES", Field),
        (65, "XFAM", Field),
        (66, "EXEC_CONTROLS", Field),
        (67, "EPTP_CONTROLS", Field),
        (68, "MAX_VCPUS", Field),
        (69, "CPUID_CONFIG", Field + "; RCX has the CPUID leaf and subleaf"),
        (70, "TSC_FREQUENCY", Field),
        (71, "NUM_L2_VMS", Field),
        (72, "IA32_ARCH_CAPABILITIES_CONFIG", Field),
        (95, "PAGE", "a page that the call uses"),
        (96, "TDMR_INFO_PA", "the address of a TDMR_INFO"),
        (97, "GPA_LIST_ENTRY", Entry),
        (98, "MIG_BUFF_LIST_ENTRY", Entry),
        (99, "NEW_PAGE_LIST_ENTRY", Entry),
        ((int)SeamcallRegister.Tdr, "TDR", "a TD's root page"),
        (129, "TDCX", "a control page of a TD or of a virtual processor"),
        (130, "TDVPR", "a virtual processor's root page"),
        (132, "REG_PAGE", "a private page of a TD"),
        (144, "TDCS", "a TD's control structure"),
        (145, "TDVPS", "a virtual processor's state"),
        (146, "SEPT_TREE", "a TD's Secure EPT as a whole"),
        (147, "SEPT_ENTRY", "an entry of a TD's Secure EPT"),
        (168, "RTMR", "a measurement register of a TD"),
        (169, "TD_EPOCH", "the epoch of a TD's TLB tracking"),
        (170, "L2_VAPIC_GPA", "the address of a nested VM's virtual APIC page"),
        (171, "MIGSC", "the context of a migration stream"),
        (172, "OP_STATE", "the state that a TD is in"),
        (173, "MIG", "the state of a migration"),
        (174, "SERVTD_BINDINGS", "the table of a TD's service TDs"),
        (176, "METADATA_FIELD", "a metadata field"),
        (177, "NUM_VCPUS", "a TD's number of virtual processors"),
        (178, "CPUID_FIXED0_BITMAP", "the CPUID bits that a TD always sees as 0"),
        (184, "SYS", "the module's own state"),
        (185, "TDMR", "a TDMR"),
        ((int)SeamcallRegister.Kot, "KOT", "the table of key ids and the TDs that own them"),
        (187, "KET", "the table of encryption keys"),
        ((int)SeamcallRegister.WbCache, "WBCACHE", "the writing back of a package's caches"),
    ];

    internal static IEnumerable<string> All => Rows.Select(static row => row.Name);

    /// <summary>Finds an operand by its number; null where it is not known.</summary>
    internal static (string Name, string Meaning)? Find(ulong number)
    {
        foreach ((int candidate, string name, string meaning) in Rows)
        {
            if ((ulong)candidate == number)
                return (name, meaning);
        }

        return null;
    }

    /// <summary>Finds the number of an operand by its name in upper case.</summary>
    internal static int? Find(string name)
    {
        foreach ((int number, string candidate, _) in Rows)
        {
            if (candidate == name)
                return number;
        }

        return null;
    }

    /// <summary>An operand in words: <c>RCX</c>, or <c>operand 77</c>.</summary>
    internal static string Describe(ulong number) =>
        Find(number)?.Name ?? FormattableString.Invariant($"operand {number}");
}
