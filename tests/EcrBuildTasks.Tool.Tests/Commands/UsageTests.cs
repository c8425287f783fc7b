using EcrBuildTasks.Tool.CommandLine;

namespace EcrBuildTasks.Tool.Commands;

/// <summary>What is said about a command line that cannot be understood.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("chekc", "`dotnet ecr` has no command 'chekc'. Did you mean check?")]
    [InlineData("polcy show", "`dotnet ecr` has no command 'polcy'. Did you mean policy?")]
    [InlineData("policy shwo hello-api", "`dotnet ecr policy` has no command 'shwo'. Did you mean show?")]
    [InlineData("foo", "`dotnet ecr` has no command 'foo'.")]
    [InlineData("doctor public.ecr.aws now", "'now' is one argument more than `dotnet ecr doctor` takes.")]
    [InlineData("check --ouput json", "`dotnet ecr check` has no option --ouput. Did you mean --output?")]
    [InlineData("push --moed=engine a b", "`dotnet ecr push` has no option --moed. Did you mean --mode?")]
    [InlineData("check a --output xml", "--output: 'xml' is none of text, json.")]
    [InlineData("push a b --mode fast", "--mode: 'fast' is none of auto, engine, registry.")]
    [InlineData("login --credential-helper give", "--credential-helper: 'give' is none of get, list, store, erase.")]
    [InlineData("check a --region EU-WEST-1", "--region: 'EU-WEST-1' is not the name of a region, such as eu-west-1.")]
    [InlineData(
        "check a --role-arn ci",
        "--role-arn: 'ci' is not the ARN of a role, such as arn:aws:iam::111122223333:role/ci."
    )]
    [InlineData(
        "check a --as arn:aws:iam::1:role/ci",
        "--as: 'arn:aws:iam::1:role/ci' is no ARN of a user, a role or a session, such as arn:aws:iam::111122223333:role/ci."
    )]
    public void A_mistake_is_told_in_one_sentence_with_what_may_have_been_meant(string commandLine, string sentence) =>
        UsageMistakes.Of(EcrCommand.Create().Parse(commandLine)).ShouldBe([sentence]);

    [Theory]
    [InlineData("check -- --odd")]
    [InlineData("push - hello-api:1 --mode ENGINE")]
    [InlineData("diagnose build.log --json")]
    public void What_can_be_understood_is_no_mistake(string commandLine)
    {
        var parsed = EcrCommand.Create().Parse(commandLine);

        UsageMistakes.Of(parsed).ShouldBeEmpty();
        parsed.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("dotnet-ecr push image --mode ", "auto engine registry")]
    [InlineData("dotnet-ecr policy fix --scope ", "account caller role")]
    [InlineData("dotnet-ecr check hello-api --output ", "json text")]
    public void The_values_of_an_option_are_completed_as_they_are_written(string commandLine, string values) =>
        EcrCommand
            .Create()
            .Parse(commandLine["dotnet-ecr ".Length..])
            .GetCompletions()
            .Select(completion => completion.Label)
            .ShouldBe(values.Split(' '));
}
