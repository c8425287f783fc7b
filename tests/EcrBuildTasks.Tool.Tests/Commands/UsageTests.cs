using EcrBuildTasks.RealParts;
using EcrBuildTasks.Tool.CommandLine;
using EcrBuildTasks.Tool.Commands;

namespace EcrBuildTasks.Tool.Tests.Commands;

/// <summary>Messages about a command line that is not valid.</summary>
public sealed class UsageTests
{
    /// <summary>Command lines, and the facts that the message about each must have.</summary>
    public static TheoryData<string, string> Mistakes { get; } =
        new()
        {
            { "chekc", "`dotnet ecr`|'chekc'|check?" },
            { "polcy show", "`dotnet ecr`|'polcy'|policy?" },
            { "policy shwo hello-api", "`dotnet ecr policy`|'shwo'|show?" },
            { "foo", "`dotnet ecr`|'foo'" },
            { "doctor public.ecr.aws now", "`dotnet ecr doctor`|'now'" },
            { "check --ouput json", "`dotnet ecr check`|--ouput.|--output?" },
            { "push --moed=engine a b", "`dotnet ecr push`|--moed.|--mode?" },
            { "check a --output xml", "--output|'xml'|text, json." },
            { "push a b --mode fast", "--mode|'fast'|auto, engine, registry." },
            {
                "push a b --fail-on-severity SEVERE",
                "--fail-on-severity|'SEVERE'|none, informational, low, medium, high, critical."
            },
            { "push a b --fail-on-severity low --scan-timeout soon", "--scan-timeout|'soon'|1 to 86400" },
            { "push a b --fail-on-severity low --scan-timeout 0", "--scan-timeout|'0'|1 to 86400" },
            { "push a b --scan-timeout 60", "--scan-timeout|--fail-on-severity" },
            { "push a b --fail-on-severity --quiet", "--fail-on-severity|--quiet" },
            { "push a b --digest-file -q", "--digest-file|-q" },
            { "check a --push-test-image --create-repository", "--push-test-image|--create-repository" },
            { "check a --scan-timeout 60", "`dotnet ecr check`|--scan-timeout" },
            { "repository create", "'NAME'|'create'" },
            { "repository create a --mutable --immutability IMMUTABLE", "--mutable|--immutability" },
            { "repository create a --scan-on-push maybe", "--scan-on-push|'maybe'|true, false." },
            { "repository create a --encryption --mutable", "--encryption|--mutable" },
            {
                "repository create a --imutability MUTABLE",
                "`dotnet ecr repository create`|--imutability.|--immutability?"
            },
            { "login --credential-helper give", "--credential-helper|'give'|get, list, store, erase." },
            { "check a --region EU-WEST-1", "--region|'EU-WEST-1'|eu-west-1" },
            { "check a --role-arn ci", "--role-arn|'ci'|arn:aws:iam::111122223333:role/ci" },
            {
                "check a --as arn:aws:iam::1:role/ci",
                "--as|'arn:aws:iam::1:role/ci'|arn:aws:iam::111122223333:role/ci"
            },
        };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void The_message_about_a_mistake_names_it_and_what_may_have_been_meant(string commandLine, string facts)
    {
        var mistake = MistakeIn(commandLine);

        foreach (var fact in facts.Split('|'))
        {
            mistake.ShouldContain(fact);
        }
    }

    [Fact]
    public void The_text_about_mistakes() =>
        Snapshot.Match(
            "usage",
            Mistakes.Select(mistake => $"$ dotnet ecr {mistake.Data.Item1}\n! {MistakeIn(mistake.Data.Item1)}")
        );

    [Theory]
    [InlineData("check -- --odd")]
    [InlineData("push - hello-api:1 --mode ENGINE")]
    [InlineData("diagnose build.log --json")]
    [InlineData("push a b --fail-on-severity High --scan-timeout 86400")]
    [InlineData("push a --scan-timeout 60")]
    [InlineData("push a b --digest-file -")]
    [InlineData(
        "check a:1.0.0 --floating-tags --tag-commit --tag-branch --create-repository --skip-if-exists --mode engine --docker-host tcp://host --fail-on-severity low"
    )]
    [InlineData("repository create a --scan-on-push FALSE --tag a=1 --tag b=--2")]
    public void What_can_be_understood_is_no_mistake(string commandLine)
    {
        var parsed = EcrCommand.Create().Parse(commandLine);

        UsageMistakes.Find(parsed).ShouldBeEmpty();
        parsed.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("dotnet-ecr push image --mode ", "auto engine registry")]
    [InlineData("dotnet-ecr policy fix --scope ", "account caller role")]
    [InlineData("dotnet-ecr check hello-api --output ", "json text")]
    [InlineData("dotnet-ecr push a --fail-on-severity ", "critical high informational low medium none")]
    [InlineData("dotnet-ecr repository create a --scan-on-push ", "false true")]
    public void The_values_of_an_option_are_completed_as_they_are_written(string commandLine, string values) =>
        EcrCommand
            .Create()
            .Parse(commandLine["dotnet-ecr ".Length..])
            .GetCompletions()
            .Select(completion => completion.Label)
            .ShouldBe(values.Split(' '));

    private static string MistakeIn(string commandLine) =>
        UsageMistakes.Find(EcrCommand.Create().Parse(commandLine)).ShouldHaveSingleItem();
}
