using System.Buffers.Binary;
using System.Runtime.InteropServices;
using TdxPamt.Module;
using static TdxPamt.Tests.Support.SampleTdmrs;

namespace TdxPamt.Tests.Module;

public class TdxModuleCallTests
{
    private const ulong Invalid = 0xC000010000000000;
    private const ulong NotReady = 0xC000050500000000;
    private const ulong KeyConfigNotPending = 0xC000050700000000;

    private readonly ModuleMachine _machine = new();

    [Theory]
    [InlineData(42)]
    [InlineData(69)]
    [InlineData(1UL << 32 | 34)]
    [InlineData(1UL << 16 | 34)]
    [InlineData(ulong.MaxValue)]
    public void an_unknown_leaf_is_an_invalid_operand_0_and_leaves_registers_alone(ulong leaf) =>
        ModuleMachine.Ready(Create()).Call(leaf, 1, 2, 3, 4)
            .Should().Be(new SeamcallRegisters { Rax = Invalid, Rcx = 1, Rdx = 2, R8 = 3, R9 = 4 })
            .And.Subject.ToString().Should().Be("rax 0xc000010000000000, rcx 0x1, rdx 0x2, r8 0x3, r9 0x4, "
                + "r10 0x0, r11 0x0, r12 0x0, r13 0x0");

    [Fact]
    public void sys_info_writes_tdsysinfo_and_the_cmrs()
    {
        TdxModuleOptions options = new()
        {
            BuildDate = 20240102,
            BuildNumber = 0x1234,
        };
        ModuleMachine machine = new(options, [new(0x100000, 0x200000), new(0x400000, 0x1000)]);
        machine.Module.Memory.Write(0x1000, [.. Enumerable.Repeat((byte)0xFF, 4096)]);
        machine.Call(32, 0x1000, 4096, 0x1600, 40)
            .Should().Be(new SeamcallRegisters { Rcx = 0x1000, Rdx = 1024, R8 = 0x1600, R9 = 32 });

        byte[] expected = new byte[1024];
        BinaryPrimitives.WriteUInt32LittleEndian(expected.AsSpan(4), 0x8086);
        BinaryPrimitives.WriteUInt32LittleEndian(expected.AsSpan(8), 20240102);
        BinaryPrimitives.WriteUInt16LittleEndian(expected.AsSpan(12), 0x1234);
        BinaryPrimitives.WriteUInt16LittleEndian(expected.AsSpan(14), 5);
        BinaryPrimitives.WriteUInt16LittleEndian(expected.AsSpan(16), 1);
        expected[18] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(expected.AsSpan(32), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(expected.AsSpan(34), 16);
        BinaryPrimitives.WriteUInt16LittleEndian(expected.AsSpan(36), 16);
        machine.Read(0x1000, 1024).Should().Equal(expected);

        CmrInfo[] cmrs = new CmrInfo[32];
        CmrTable.Read(machine.Read(0x1600, 512), cmrs);
        cmrs.Should().Equal([new(0x100000, 0x200000), new(0x400000, 0x1000), .. new CmrInfo[30]]);
        machine.Read(0x1800, 1).Should().Equal([0xFF], "the table has 512 bytes");
    }

    [Theory]
    [InlineData(0x1000, 1023, 0x1200, 0xFF)]
    [InlineData(0x1000, 1024, 0x1100, 0)]
    [InlineData(0x1000, 1024, 0x1200, 0)]
    public void sys_info_clears_its_table_once_that_has_room(ulong rcx, ulong rdx, ulong r8, byte left)
    {
        ModuleMachine machine = new(memory: new SparsePhysicalMemory(0xFF));
        machine.Call(32, rcx, rdx, r8, 31).Rax.Should().NotBe(0);
        machine.Read(rcx, 1025).Should().Equal([.. Enumerable.Repeat(left, 1024), 0xFF]);
    }

    [Theory]
    [InlineData("1.5.25", null, 1, 0, 0, Invalid)]
    [InlineData("2.0.18", null, 1, 0xD1326F3F0FBF, 0, 0UL)]
    [InlineData("2.0.18", null, 1, 0x40, 0, Invalid + 9)]
    [InlineData("2.0.18", 5UL, 1, 5, 0, 0UL)]
    [InlineData("2.0.18", 5UL, 1, 2, 1, Invalid + 9)]
    [InlineData("2.0.18", 5UL, 1, 4, 1, Invalid + 10)]
    [InlineData("2.0.18", 5UL, 0, 2, 1, 0UL)]
    [InlineData("2.0.18", 5UL, 2, 2, 1, Invalid)]
    public void version_1_of_config_asks_for_features(
        string name, ulong? features, ulong version, ulong r9, ulong r10, ulong status)
    {
        TdxModuleRelease.TryParse(name, out TdxModuleRelease? release).Should().BeTrue();
        ModuleMachine machine = new(new() { Release = release!, TdxFeatures0 = features });
        machine.Put(Create());
        SeamcallRegisters registers = new()
        {
            Rax = 45 | (version << 16),
            Rcx = ModuleMachine.ArrayAt,
            Rdx = 3,
            R8 = 32,
            R9 = r9,
            R10 = r10,
        };
        machine.Module.Call(ref registers).Value.Should().Be(status);
    }

    [Theory]
    [InlineData(0x1200, 1024, 0x1000, 32, 1)]
    [InlineData(1UL << 51, 1024, 0x1000, 32, 1)]
    [InlineData(0x1200, 0, 0x1001, 0, 1)]
    [InlineData(0x1000, 1023, 0x1001, 0, 2)]
    [InlineData(0x1000, 1024, 0x1100, 31, 8)]
    [InlineData(0x1000, 1024, 1UL << 52, 32, 8)]
    [InlineData(0x1000, 1024, 0x1200, 31, 9)]
    public void sys_info_names_the_first_bad_operand_and_clears_its_sizes(
        ulong rcx, ulong rdx, ulong r8, ulong r9, ulong operand) =>
        _machine.Call(32, rcx, rdx, r8, r9)
            .Should().Be(new SeamcallRegisters { Rax = Invalid + operand, Rcx = rcx, R8 = r8 });

    [Fact]
    public void sys_rd_reads_a_field_into_r8()
    {
        _machine.Call(34, 7, 0x9100000100000008, 9, 10)
            .Should().Be(new SeamcallRegisters { Rcx = 7, Rdx = 0x9100000100000009, R8 = 64, R9 = 10 });
        _machine.Call(34, 7, 0x9000000300000100, 9, 10).R8.Should().Be(64 * GiB);
        SeamcallRegisters refused = new() { Rax = 0xC0000C0000000000, Rcx = 7, Rdx = ulong.MaxValue, R9 = 10 };
        _machine.Call(34, 7, 0x9100000000000015, 9, 10).Should().Be(refused);
        _machine.Call(34, 0, 0x9100000000000013).R8.Should().Be(1);
        new ModuleMachine(new() { Release = TdxModuleRelease.V1516 }).Call(34, 7, 0x9100000000000013, 9, 10)
            .Should().Be(refused, "it has no Dynamic PAMT");
    }

    [Fact]
    public void config_then_a_key_on_each_package_make_the_module_ready()
    {
        ModuleMachine machine = new(new() { PackageOfProcessor = [0, 1, 2] });
        machine.Module.State.Should().Be(TdxModuleState.Initialized);
        machine.Call(31).Rax.Should().Be(KeyConfigNotPending, "SYS.CONFIG is due first");
        machine.Call(36, 4 * GiB).Rax.Should().Be(NotReady);
        machine.Configure(Create()).Should().Be(CompletionStatus.Success);
        machine.Module.State.Should().Be(TdxModuleState.Configured);
        machine.Call(31, processor: 1).Rax.Should().Be(0);
        machine.Call(31, processor: 1).Rax.Should().Be(0x0000081500000000, "it is keyed");
        machine.Call(31).Rax.Should().Be(0);
        machine.Call(36, 4 * GiB).Rax.Should().Be(NotReady);
        machine.Module.State.Should().Be(TdxModuleState.Configured);
        machine.Call(31, processor: 2).Rax.Should().Be(0);
        machine.Module.State.Should().Be(TdxModuleState.Ready);
        machine.Call(31).Rax.Should().Be(KeyConfigNotPending);
        machine.Call(36, 4 * GiB).Rax.Should().Be(0);
        FluentActions.Invoking(() => machine.Call(31, processor: 3)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void config_may_be_called_again_after_a_failure_and_not_after_success()
    {
        TdmrInfoEntry[] broken = Create();
        broken[2].Size = 0;
        _machine.Configure(broken).Value.Should().Be(0xC0000A0000000002);
        _machine.Module.State.Should().Be(TdxModuleState.Initialized);
        _machine.Configure(Create()).Should().Be(CompletionStatus.Success);
        _machine.Configure(Create()).Value.Should().Be(0xC000050C00000000);
        _machine.Call(45, 1, 0, ulong.MaxValue).Rax.Should().Be(0xC000050C00000000, "that is looked at first");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void one_tdmr_is_enough(int count) =>
        _machine.Configure(Create().AsSpan(0, count)).Should().Be(CompletionStatus.Success);

    [Theory]
    [InlineData(0UL, 1UL << 46, 0UL)]
    [InlineData(0UL, (1UL << 46) + Page, 0xC0000A2200000000)]
    [InlineData(1UL << 46, Page, 0xC0000A2200000000)]
    [InlineData(1UL << 51, Page, 0xC0000A2200000000)]
    [InlineData(1UL << 52, Page, 0xC0000A2200000000)]
    [InlineData(2 * Page, Page / 2, 0xC0000A2200000000)]
    public void sys_init_refuses_cmrs_that_carry_a_key_id_and_can_be_made_again(ulong start, ulong size, ulong status)
    {
        TdxModule module = new([new(start, size)]);
        for (int i = 0; i < 2; i++)
        {
            SeamcallRegisters registers = new() { Rax = 33, Rdx = 7 };
            module.Call(ref registers).Value.Should().Be(i == 0 || status != 0 ? status : 0xC000050000000000);
            registers.Rdx.Should().Be(0);
        }
    }

    [Fact]
    public void a_module_knows_32_cmrs_at_most()
    {
        CmrInfo[] cmrs = [.. Enumerable.Range(0, 33).Select(static i => new CmrInfo((ulong)i * GiB, Page))];
        new TdxModule(cmrs.AsSpan(0, 32)).ToString().Should().Be("1.5.25, BeforeInit, 32 CMRs");
        FluentActions.Invoking(() => new TdxModule(cmrs)).Should().Throw<ArgumentException>()
            .WithMessage("a module knows at most 32 CMRs, and these are 33");
    }

    [Fact]
    public void config_leaves_registers_alone()
    {
        _machine.Put(Create());
        _machine.Call(45, ModuleMachine.ArrayAt, 3, 32, 99)
            .Should().Be(new SeamcallRegisters { Rcx = ModuleMachine.ArrayAt, Rdx = 3, R8 = 32, R9 = 99 });
    }

    [Theory]
    [InlineData(0x100, 0, 0, 1)]
    [InlineData(1UL << 51, 0, 0, 1)]
    [InlineData(1UL << 52, 0, 0, 1)]
    [InlineData(ModuleMachine.ArrayAt, 0, 0, 2)]
    [InlineData(ModuleMachine.ArrayAt, 65, 0, 2)]
    [InlineData(ModuleMachine.ArrayAt, ulong.MaxValue, 0, 2)]
    [InlineData(ModuleMachine.ArrayAt, 3, 0, 8)]
    [InlineData(ModuleMachine.ArrayAt, 3, 31, 8)]
    [InlineData(ModuleMachine.ArrayAt, 3, 64, 8)]
    [InlineData(ModuleMachine.ArrayAt, 3, (1UL << 17) + 32, 8)]
    [InlineData(ModuleMachine.ArrayAt, 3, (1UL << 63) + 32, 8)]
    public void config_names_the_first_bad_operand(ulong rcx, ulong rdx, ulong r8, ulong operand)
    {
        _machine.Put(Create());
        _machine.Call(45, rcx, rdx, r8).Rax.Should().Be(Invalid + operand);
        _machine.Module.State.Should().Be(TdxModuleState.Initialized);
    }

    [Theory]
    [InlineData(1, 0UL)]
    [InlineData(31, 0UL)]
    [InlineData(32, Invalid + 1)]
    [InlineData(63, Invalid + 1)]
    public void an_address_of_the_hosts_may_have_a_shared_key_id_and_no_private_one(ulong keyId, ulong status)
    {
        ulong key = keyId << 46;
        _machine.Put(Create());
        _machine.Call(32, key | 0x1000, 1024, key | 0x1600, 32).Rax.Should().Be(status);
        _machine.Call(32, 0x1000, 1024, key | 0x1600, 32).Rax.Should().Be(status == 0 ? 0 : Invalid + 8);
        _machine.Call(45, key | ModuleMachine.ArrayAt, 0, 32).Rax.Should().Be(status == 0 ? Invalid + 2 : status);
        _machine.PutAddress(2, key | (ModuleMachine.InfosAt + (2 * 512)));
        _machine.Call(45, ModuleMachine.ArrayAt, 3, 32).Rax.Should().Be(status);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(63)]
    public void private_key_ids_are_the_upper_half(ulong keyId)
    {
        _machine.Put(Create());
        _machine.Call(45, ModuleMachine.ArrayAt, 3, keyId).Rax.Should().Be(0);
    }

    [Theory]
    [InlineData(7, 64, 63, 64, 127, 128)]
    [InlineData(1, null, 0, 1, 1, 2)]
    [InlineData(11, null, 1023, 1024, 2047, 2048)]
    [InlineData(6, 1, 0, 1, 63, 64)]
    public void a_key_id_must_be_private(int bits, int? first, ulong below, ulong low, ulong high, ulong above)
    {
        foreach ((ulong keyId, bool isPrivate) in new[] { (below, false), (low, true), (high, true), (above, false) })
        {
            ModuleMachine machine = new(new() { KeyIdBits = bits, FirstPrivateKeyId = first });
            machine.Put(Create());
            machine.Call(45, ModuleMachine.ArrayAt, 3, keyId).Rax
                .Should().Be(isPrivate ? 0 : Invalid + 8, $"of {keyId}");
        }
    }

    [Fact]
    public void registers_lie_in_memory_as_tdxpamt_h_declares_them()
    {
        SeamcallRegisters[] registers =
            [new() { Rax = 1, Rcx = 2, Rdx = 3, R8 = 4, R9 = 5, R10 = 6, R11 = 7, R12 = 8, R13 = 9 }];
        MemoryMarshal.Cast<SeamcallRegisters, ulong>(registers).ToArray().Should().Equal(1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    [Fact]
    public void the_last_private_key_id_must_not_be_below_the_first()
    {
        Func<TdxModule> create = () => new([], new() { KeyIdBits = 6, FirstPrivateKeyId = 64 });
        create.Should().Throw<ArgumentException>()
            .WithMessage("the last private key id is 63, and the first is 64");
    }

    [Fact]
    public void a_tdr_without_a_key_id_cannot_be_flushed()
    {
        TdmrInfoEntry[] tdmrs = Create();
        ModuleMachine machine = ModuleMachine.Ready(tdmrs);
        machine.Initialize(tdmrs[2]);
        machine.AddTdr(tdmrs[2].Base, pair: 0);
        machine.Call((ulong)SeamcallLeaf.MngVpFlushDone, tdmrs[2].Base).Rax.Should().Be(0xC000060700000000);
    }

    [Fact]
    public void with_dynamic_pamt_bit_16_says_whether_it_is_used()
    {
        TdmrInfoEntry[] tdmrs = Create(new() { DynamicPamt = true });
        ModuleMachine machine = new();
        machine.Put(tdmrs);
        machine.Call(45, ModuleMachine.ArrayAt, 3, (1UL << 17) + 32).Rax.Should().Be(Invalid + 8);
        machine.Call(45, ModuleMachine.ArrayAt, 3, 32).Rax.Should().Be(0xC0000A1000000000, "a static PAMT is larger");
        machine.Call(45, ModuleMachine.ArrayAt, 3, (1UL << 16) + 32).Rax.Should().Be(0);
    }

    [Theory]
    [InlineData("1.5.05", Invalid + 8)]
    [InlineData("1.5.13", Invalid + 8)]
    [InlineData("1.5.16", 0UL)]
    public void a_module_without_dynamic_pamt_refuses_bit_16_or_ignores_it(string release, ulong status)
    {
        TdxModuleRelease.TryParse(release, out TdxModuleRelease? found).Should().BeTrue();
        ModuleMachine machine = new(new() { Release = found! });
        machine.Put(Create());
        machine.Call(45, ModuleMachine.ArrayAt, 3, (1UL << 16) + 32).Rax.Should().Be(status);
        machine.Module.IsDynamicPamt.Should().BeFalse();
    }

    [Theory]
    [InlineData(0x10100)]
    [InlineData(1UL << 51)]
    [InlineData(1UL << 52)]
    [InlineData(ulong.MaxValue)]
    public void a_tdmr_infos_address_is_looked_at_when_its_turn_comes(ulong address)
    {
        TdmrInfoEntry[] tdmrs = Create();
        _machine.Put(tdmrs);
        _machine.PutAddress(2, address);
        _machine.Call(45, ModuleMachine.ArrayAt, 3, 32).Rax.Should().Be(Invalid + 1);
        tdmrs[1].Size = 0;
        _machine.Put(tdmrs);
        _machine.PutAddress(2, address);
        _machine.Call(45, ModuleMachine.ArrayAt, 3, 32).Rax.Should().Be(0xC0000A0000000001, "TDMR 1 comes first");
    }

    [Fact]
    public void tdmr_infos_may_lie_anywhere_in_any_order()
    {
        TdmrInfoEntry[] tdmrs = Create();
        _machine.Put([tdmrs[2], tdmrs[0], tdmrs[1]]);
        _machine.PutAddress(0, ModuleMachine.InfosAt + 512);
        _machine.PutAddress(1, ModuleMachine.InfosAt + 1024);
        _machine.PutAddress(2, ModuleMachine.InfosAt);
        _machine.Call(45, ModuleMachine.ArrayAt, 3, 32).Rax.Should().Be(0);
    }

    [Fact]
    public void a_module_prints_how_far_it_has_come_and_how_many_cmrs_it_has()
    {
        new TdxModule([]).ToString().Should().Be("1.5.25, BeforeInit, 0 CMRs");
        new TdxModule([new(0, 4096), default, new(8192, 4096)]).ToString().Should().Be("1.5.25, BeforeInit, 2 CMRs");
    }

    [Fact]
    public void a_module_from_a_host_has_the_hosts_cmrs_the_options_and_the_memory()
    {
        AddressRange ram = AddressRange.Create(MiB, GiB);
        SparsePhysicalMemory memory = new();
        TdxModule module = TdxModule.FromHost(
            HostMemory.Create([new(ram, node: 0)], [ram]), new() { BuildNumber = 7 }, memory);
        SeamcallRegisters registers = new() { Rax = 33 };
        module.Call(ref registers).Should().Be(CompletionStatus.Success);
        registers.Rax = 35;
        module.Call(ref registers).Should().Be(CompletionStatus.Success);
        registers = new() { Rax = 32, Rcx = 1024, Rdx = 1024, R8 = 512, R9 = 32 };
        module.Call(ref registers).Should().Be(CompletionStatus.Success);

        byte[] bytes = new byte[2048];
        memory.Read(0, bytes);
        CmrInfo[] cmrs = new CmrInfo[CmrTable.Entries];
        CmrTable.Read(bytes.AsSpan(512, CmrTable.Bytes), cmrs);
        cmrs.Should().Equal([CmrInfo.FromRange(ram), .. new CmrInfo[31]]);
        TdSysInfo.Read(bytes.AsSpan(1024)).BuildNumber.Should().Be(7);
        FluentActions.Invoking(() => TdxModule.FromHost(null!)).Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public void options_are_held_to_their_intervals()
    {
        const string Count = "there must be 1 to 8192 processors, and there are ";
        foreach ((Action create, string message) in ((Action, string)[])[
            (() => _ = new TdxModuleOptions { PackageOfProcessor = [] }, Count + "0"),
            (() => _ = new TdxModuleOptions { PackageOfProcessor = [.. new int[8193]] }, Count + "8193"),
            (() => _ = new TdxModuleOptions { PackageOfProcessor = [8] }, "a package must be from 0 to 7"),
            (() => _ = new TdxModuleOptions { PackageOfProcessor = [-1] }, "a package must be from 0 to 7"),
            (() => _ = new TdxModuleOptions { PackageOfProcessor = [0, 2] },
                "every package up to the highest must have a processor"),
            (() => _ = new TdxModuleOptions { FirstPrivateKeyId = 0 }, "FirstPrivateKeyId must be from 1 to 32767*"),
            (() => _ = new TdxModuleOptions { FirstPrivateKeyId = 32768 },
                "FirstPrivateKeyId must be from 1 to 32767*"),
            (() => _ = new TdxModuleOptions { LastPrivateKeyId = 0 }, "LastPrivateKeyId must be from 1 to 32767*"),
            (() => _ = new TdxModuleOptions { LastPrivateKeyId = 32768 }, "LastPrivateKeyId must be from 1 to 32767*"),
            (() => _ = new TdxModuleOptions { KeyIdBits = 0 }, "KeyIdBits must be from 1 to 15*"),
            (() => _ = new TdxModuleOptions { KeyIdBits = 16 }, "KeyIdBits must be from 1 to 15*"),
            (() => _ = new TdxModuleOptions { PhysicalAddressBits = 35 },
                "PhysicalAddressBits must be from 36 to 52*"),
            (() => _ = new TdxModuleOptions { PhysicalAddressBits = 53 },
                "PhysicalAddressBits must be from 36 to 52*"),
            (() => _ = new TdxModuleOptions { Release = null! }, "*Release*"),
            (() => _ = new TdxModuleOptions { MetadataValues = null! }, "*MetadataValues*")])
        {
            create.Should().Throw<ArgumentException>().WithMessage(message);
        }

        new TdxModuleOptions { PackageOfProcessor = [.. new int[8192]] }.ToString()
            .Should().Be("1.5.25 on 8192 processors in 1 packages, 6 of 52 address bits for key ids");
        new TdxModuleOptions { PackageOfProcessor = [7, 6, 5, 4, 3, 2, 1, 0], KeyIdBits = 15, PhysicalAddressBits = 36 }
            .ToString().Should().Be("1.5.25 on 8 processors in 8 packages, 15 of 36 address bits for key ids");
    }
}
