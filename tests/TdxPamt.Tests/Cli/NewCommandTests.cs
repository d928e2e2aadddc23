using TdxPamt.Hosts;

namespace TdxPamt.Tests.Cli;

public class NewCommandTests
{
    [Theory]
    [InlineData("--memory 1TiB", "2-socket-1TiB")]
    [InlineData("--memory 1.5TiB --sockets 4 --snc 2 --cxl 512GiB", "4-socket-snc2-1536GiB-cxl512GiB")]
    [InlineData("--memory 262144MiB --low-holes none", "2-socket-256GiB")]
    [InlineData("--memory 256GiB --snc 2 --low-holes hosts/fox-creek-pass.json", "2-socket-snc2-256GiB")]
    [InlineData("--memory 4TiB --like hosts/uneven-8-node-496GiB.log", "uneven-8-node-496GiB-4TiB")]
    [InlineData("--preset fox-creek-pass", "fox-creek-pass")]
    [InlineData("--preset snc-4-node-320GiB", "snc-4-node-320GiB")]
    public void a_new_machine_is_a_host_document_that_the_commands_answer(string arguments, string name)
    {
        Command.Result result = Command.Run(["new", .. Words(arguments)]);
        result.Json(0).GetProperty("name").GetString().Should().Be(name);
        byte[] document = System.Text.Encoding.UTF8.GetBytes(result.Output);
        SchemaCommandTests.ShouldBeValid("host", result.Output);
        foreach (string command in (string[])["plan", "compare", "cost"])
            Command.RunWithInput(document, command, "-").ExitCode.Should().BeInRange(0, 1);
    }

    [Fact]
    public void headroom_says_how_far_a_design_goes()
    {
        Command.Result design = Command.Run("new", "--memory", "4TiB", "--sockets", "8");
        Command.RunWithInput(System.Text.Encoding.UTF8.GetBytes(design.Output), "compare", "--headroom", "-")
            .Output.Should().MatchRegex(@"mainline +TDMRs +9 of 64 +55 more nodes");
    }

    [Theory]
    [InlineData("", "new needs --memory SIZE, such as 512GiB or 1.5TiB, or --list or --preset NAME")]
    [InlineData("--sockets 2", "new needs --memory SIZE")]
    [InlineData("--like hosts/fox-creek-pass.json", "new needs --memory SIZE")]
    [InlineData("--memory 1TB", "--memory: 1TB must be a size such as 512GiB or 1.5TiB; see tdxpamt --help")]
    [InlineData("--memory 512", "--memory: 512 must be a size")]
    [InlineData("--memory -1GiB", "--memory: -1GiB must be a size")]
    [InlineData("--memory 99999999999TiB", "--memory: 99999999999TiB must be a size")]
    [InlineData("--memory 1.5GiB", "memory of 1536 MiB must be whole GiB from 16 GiB to 63 TiB on 2 nodes")]
    [InlineData("--memory 4GiB", "memory of 4 GiB must be whole GiB from 16 GiB to 63 TiB on 2 nodes")]
    [InlineData("--memory 1TiB --sockets 9", "--sockets: 9 must be a whole number from 1 to 8")]
    [InlineData("--memory 1TiB --snc 0", "--snc: 0 must be a whole number from 1 to 6")]
    [InlineData("--memory 1TiB --cxl 1GiB", "CXL memory of 1 GiB must be whole GiB from 2 GiB to ")]
    [InlineData("--memory 8TiB --sockets 8 --snc 4", "has 33 CMRs, and the module's table holds 1 to 32")]
    [InlineData("--memory 1TiB --like hosts/fox-creek-pass.json --snc 2", "--like and --snc exclude one another")]
    [InlineData("--list --memory 1TiB", "--list and --memory exclude one another")]
    [InlineData("--preset fox --low-holes none", "--preset and --low-holes exclude one another")]
    [InlineData("--preset fox", "--preset: fox must be one of 4-node-1TiB-6.5, fox-creek-pass, ")]
    [InlineData("--memory 1TiB --low-holes nowhere.log", "nowhere.log: no such file")]
    public void what_makes_no_machine_is_refused_with_what_is_legal(string arguments, string reason) =>
        Command.Run(["new", .. Words(arguments)]).ShouldBeRefused(reason);

    [Fact]
    public void examples_are_the_published_machines_as_they_were_published()
    {
        foreach (string file in RealHosts.All)
        {
            PublishedHosts.TryRead(file, out string? text).Should().BeTrue(file);
            text.Should().Be(File.ReadAllText(RealHosts.PathOf(file)));
        }

        PublishedHosts.Names.Should().HaveCount(RealHosts.All.Length);
        Command.Run("example", "fox-creek-pass").Output.Should()
            .Be(File.ReadAllText(RealHosts.PathOf(RealHosts.FoxCreekPass)));
        Command.Run("example", "fox-creek-pass.log").Output.Should()
            .Be(File.ReadAllText(RealHosts.PathOf(RealHosts.FoxCreekPassLog)));
    }

    [Fact]
    public void example_alone_lists_their_names_as_new_does()
    {
        Command.Result list = Command.Run("example");
        list.Should().Be(Command.Run("new", "--list"));
        list.ExitCode.Should().Be(0);
        list.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(static line => line.Split(' ')[0]).Should().Equal(PublishedHosts.Names);
    }

    [Fact]
    public void an_unknown_example_is_refused_with_those_that_there_are() =>
        Command.Run("example", "fox").ShouldBeRefused("NAME: fox must be one of 4-node-1TiB-6.5, fox-creek-pass, ");

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
