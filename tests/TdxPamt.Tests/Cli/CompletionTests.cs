namespace TdxPamt.Tests.Cli;

public class CompletionTests
{
    [Theory]
    [InlineData("tdxpamt ", "plan check simulate completion help")]
    [InlineData("tdxpamt pl", "plan")]
    [InlineData("tdxpamt plan --f", "--format")]
    [InlineData("tdxpamt plan --format ", "text json binary")]
    [InlineData("tdxpamt plan --format=j", "json")]
    [InlineData("tdxpamt plan tests/hosts/fox-creek-pass.json --kernel ", "v5 mainline cmr-holes")]
    [InlineData("tdxpamt check --module-release ", "1.5.05 1.5.13 1.5.16 1.5.25 2.0.18")]
    [InlineData("tdxpamt check --ph", "--physical-address-bits")]
    [InlineData("tdxpamt simulate --allocator b", "best-fit boot-reservation")]
    [InlineData("tdxpamt explain TDH_SYS_R", "TDH_SYS_RD TDH_SYS_RDALL")]
    [InlineData("tdxpamt cost --format ", "text json csv")]
    [InlineData("tdxpamt doctor --format ", "text json")]
    [InlineData("tdxpamt help k", "kernels")]
    [InlineData("tdxpamt completion ", "bash fish pwsh zsh")]
    public void bash_completes_commands_options_and_values(string typed, string candidates) =>
        Complete(typed).Should().Contain(candidates.Split(' ')).And.NotContain(static word => word.Contains('/'));

    [Theory]
    [InlineData("tdxpamt plan ")]
    [InlineData("tdxpamt plan tests/ho")]
    [InlineData("tdxpamt plan -o ")]
    public void files_are_left_to_bash(string typed) => Complete(typed).Should().BeEmpty();

    [Theory]
    [InlineData("bash", "complete -o bashdefault -o default -F _tdxpamt tdxpamt")]
    [InlineData("zsh", "compdef _tdxpamt tdxpamt")]
    [InlineData("fish", "complete --command tdxpamt ")]
    [InlineData("pwsh", "Register-ArgumentCompleter -Native -CommandName tdxpamt ")]
    public void a_script_registers_itself_and_is_accepted_by_its_shell(string shell, string registration)
    {
        Command.Run("completion", shell).Output.Should().Contain(registration).And.Contain("[suggest:");
        if (shell != "pwsh")
        {
            Shell.Run($"! type {shell} >/dev/null 2>&1 || {shell} -n <(tdxpamt completion {shell})")
                .Should().Be(new Command.Result(0, "", ""));
        }
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public void every_shell_completes_what_may_follow_and_nothing_else(string shell) => Command.InFolder(folder =>
    {
        Assert.SkipUnless(Shell.Run($"type {shell}").ExitCode == 0, $"{shell} is not installed");
        string[] kernels = [.. KernelModel.All.Select(static kernel => kernel.Name)];
        // Bash completes what stands behind an equals sign, PowerShell what stands behind a comma.
        string start = shell == "bash" ? "" : "--kernel=";
        (string Typed, string[] Candidates)[] cases =
        [
            ("tdxpamt pl", ["plan"]),
            ("tdxpamt plan --kernel ", kernels),
            ("tdxpamt plan --quiet --kernel ", kernels),
            ("tdxpamt plan --kernel=main", [start + "mainline"]),
            ("tdxpamt plan --strategy split-tdmrs,j", [(shell == "pwsh" ? "" : "split-tdmrs,") + "join-tdmrs"]),
            ("tdxpamt plan --format json --quiet --k", ["--kernel"]),
            ("tdxpamt plan --quiet ", []),
            ("tdxpamt plan --output ", []),
            ("tdxpamt help compa", ["compare"]),
        ];
        foreach ((string typed, string[] candidates) in cases)
        {
            Command.Result result = Shell.Run(Driver(shell, typed, folder));
            result.Errors.Should().BeEmpty("{0} completes {1}", shell, typed);
            result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Should().BeEquivalentTo(candidates, "that is what may follow {0} in {1}", typed, shell);
        }
    });

    /// <summary>A script of bash that has a shell load the completion and complete a line, in a folder that holds
    /// nothing but the command.</summary>
    private static string Driver(string shell, string typed, string folder)
    {
        string line = typed.TrimEnd();
        string words = line.Length < typed.Length ? line + " ''" : line;
        string script = shell switch
        {
            "bash" => Completing(typed),
            "zsh" => $$"""
                compdef() { : }
                _files() { : }
                compadd() { print -rl -- ${(M)candidates:#$PREFIX*}; [[ -n ${(M)candidates:#$PREFIX*} ]] }
                eval "$(tdxpamt completion zsh)"
                words=({{words}})
                CURRENT=$#words PREFIX=$words[-1]
                _tdxpamt
                """,
            "fish" => $"tdxpamt completion fish | source\ncomplete --do-complete='{typed}'",
            _ => $$"""
                tdxpamt completion pwsh | Out-String | Invoke-Expression
                (TabExpansion2 '{{typed}}' {{typed.Length}}).CompletionMatches | ForEach-Object { $_.CompletionText }
                """,
        };
        File.WriteAllText(Path.Combine(folder, "script"), script);
        return $$"""
            mkdir -p '{{folder}}/bin' '{{folder}}/empty'
            printf '#!/bin/sh\nexec dotnet "{{Command.Dll}}" "$@"\n' > '{{folder}}/bin/tdxpamt'
            chmod +x '{{folder}}/bin/tdxpamt'
            cd '{{folder}}/empty'
            PATH='{{folder}}/bin':$PATH HOME='{{folder}}' {{(shell == "zsh" ? "zsh -f" : shell)}} '{{folder}}/script'
            """;
    }

    private static string[] Complete(string typed)
    {
        Command.Result result = Shell.Run(Completing(typed));
        result.Errors.Should().BeEmpty();
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Has bash complete a line, as it does for a reader who presses Tab at its end.</summary>
    private static string Completing(string typed) => $$"""
        eval "$(tdxpamt completion bash)"
        COMP_LINE='{{typed}}' COMP_POINT=${#COMP_LINE}
        read -ra COMP_WORDS <<<"${COMP_LINE//=/ = }"
        [[ $COMP_LINE != *' ' ]] || COMP_WORDS+=('')
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _tdxpamt
        printf '%s\n' "${COMPREPLY[@]}"
        """;
}
