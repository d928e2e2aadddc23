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

    private static string[] Complete(string typed)
    {
        Command.Result result = Shell.Run($$"""
            eval "$(tdxpamt completion bash)"
            COMP_LINE='{{typed}}' COMP_POINT=${#COMP_LINE}
            read -ra COMP_WORDS <<<"${COMP_LINE//=/ = }"
            [[ $COMP_LINE != *' ' ]] || COMP_WORDS+=('')
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _tdxpamt
            printf '%s\n' "${COMPREPLY[@]}"
            """);
        result.Errors.Should().BeEmpty();
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
