using EcrBuildTasks.Tool.CommandLine;
using EcrBuildTasks.Tool.Commands;

namespace EcrBuildTasks.Tool.Tests.Commands;

/// <summary>What is said about a command line that cannot be understood.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("chekc", "`dotnet ecr`|'chekc'|check?")]
    [InlineData("polcy show", "`dotnet ecr`|'polcy'|policy?")]
    [InlineData("policy shwo hello-api", "`dotnet ecr policy`|'shwo'|show?")]
    [InlineData("foo", "`dotnet ecr`|'foo'")]
    [InlineData("doctor public.ecr.aws now", "`dotnet ecr doctor`|'now'")]
    [InlineData("check --ouput json", "`dotnet ecr check`|--ouput.|--output?")]
    [InlineData("push --moed=engine a b", "`dotnet ecr push`|--moed.|--mode?")]
    [InlineData("check a --output xml", "--output|'xml'|text, json.")]
    [InlineData("push a b --mode fast", "--mode|'fast'|auto, engine, registry.")]
    [InlineData(
        "push a b --fail-on-severity SEVERE",
        "--fail-on-severity|'SEVERE'|none, informational, low, medium, high, critical."
    )]
    [InlineData("push a b --fail-on-severity low --scan-timeout soon", "--scan-timeout|'soon'|1 to 86400")]
    [InlineData("push a b --fail-on-severity low --scan-timeout 0", "--scan-timeout|'0'|1 to 86400")]
    [InlineData("push a b --scan-timeout 60", "--scan-timeout|--fail-on-severity")]
    [InlineData("push a b --fail-on-severity --quiet", "--fail-on-severity|--quiet")]
    [InlineData("push a b --digest-file -q", "--digest-file|-q")]
    [InlineData("check a --push-test-image --create-repository", "--push-test-image|--create-repository")]
    [InlineData("check a --scan-timeout 60", "`dotnet ecr check`|--scan-timeout")]
    [InlineData("repository create", "'NAME'|'create'")]
    [InlineData("repository create a --mutable --immutability IMMUTABLE", "--mutable|--immutability")]
    [InlineData("repository create a --scan-on-push maybe", "--scan-on-push|'maybe'|true, false.")]
    [InlineData("repository create a --encryption --mutable", "--encryption|--mutable")]
    [InlineData(
        "repository create a --imutability MUTABLE",
        "`dotnet ecr repository create`|--imutability.|--immutability?"
    )]
    [InlineData("login --credential-helper give", "--credential-helper|'give'|get, list, store, erase.")]
    [InlineData("check a --region EU-WEST-1", "--region|'EU-WEST-1'|eu-west-1")]
    [InlineData("check a --role-arn ci", "--role-arn|'ci'|arn:aws:iam::111122223333:role/ci")]
    [InlineData(
        "check a --as arn:aws:iam::1:role/ci",
        "--as|'arn:aws:iam::1:role/ci'|arn:aws:iam::111122223333:role/ci"
    )]
    public void A_mistake_is_told_in_one_sentence_with_what_may_have_been_meant(string commandLine, string facts)
    {
        var mistake = UsageMistakes.Find(EcrCommand.Create().Parse(commandLine)).ShouldHaveSingleItem();

        foreach (var fact in facts.Split('|'))
        {
            mistake.ShouldContain(fact);
        }
    }

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
}
