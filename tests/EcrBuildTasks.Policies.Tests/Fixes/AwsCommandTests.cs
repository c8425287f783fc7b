using System.Diagnostics;
using System.Text.Json;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.RealParts;
using static EcrBuildTasks.Policies.Tests.Samples;

namespace EcrBuildTasks.Policies.Tests.Fixes;

/// <summary>Runs the offered commands in bash, with an <c>aws</c> that keeps one policy in a file.</summary>
public sealed class AwsCommandTests : IDisposable
{
    private const string FakeAws = """
        #!/bin/bash
        printf '%s\n' "$@" > "$FAKE/arguments"
        case "$2" in
          get-repository-policy)
            [ -e "$FAKE/error" ] && { cat "$FAKE/error" >&2; exit 254; }
            [ -e "$FAKE/policy" ] || { echo 'An error occurred (RepositoryPolicyNotFoundException) when calling' >&2; exit 254; }
            cat "$FAKE/policy" ;;
          *) case "${@: -1}" in
               file://*) cp "$(printf '%s' "${@: -1}" | cut -c8-)" "$FAKE/policy" ;;
               *) printf '%s' "${@: -1}" > "$FAKE/policy" ;;
             esac ;;
        esac
        """;

    private static readonly string ReplacedInQuotes =
        "\"$`\\!%\u201C\u201D\u201E"
        + string.Concat(Enumerable.Range(0, 256).Select(code => (char)code).Where(char.IsControl));

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("aws-command-");

    private readonly PolicyFix fix = PolicyFixes.For(
        new FixRequest
        {
            Caller = Session(Other),
            RepositoryArn = RepositoryArn,
            RepositoryAccount = Owner,
            Actions = ["ecr:PutImage"],
            Wanting = [PolicyKind.Repository],
        }
    )[0];

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_repository_known_to_have_no_policy_gets_one()
    {
        var seen = fix with { Request = fix.Request with { RepositoryPolicySeen = true } };
        seen.AwsCommand()!
            .ShouldStartWith(
                "aws ecr set-repository-policy --registry-id 111111111111 --repository-name team-a/web --region eu-west-1 --policy-text '{"
            );

        (await RunAsync(seen.AwsCommand()!)).ShouldBe(0);

        Stored().ShouldBe(seen.ChangedPolicy!.ToJson());
    }

    [Fact]
    public async Task A_policy_that_is_there_keeps_every_statement_and_gets_ours_once()
    {
        const string Existing =
            """{"Version":"2008-10-17","Id":"it's","Statement":{"Sid":"AllowPushByCi","Effect":"Deny","Principal":"*","Action":["ecr:X"],"Condition":{"StringLike":{"k":"a'b $HOME `id` \\ *"}}}}""";
        await StoreAsync("policy", Existing);

        (await RunAsync(fix.AwsCommand()!)).ShouldBe(0);
        (await RunAsync(fix.AwsCommand()!)).ShouldBe(0);

        var expected = PolicyDocument.Parse(Existing).With(fix.Statement);
        expected.Statements[1].Sid.ShouldBe("AllowPushByCi2");
        JsonElement
            .DeepEquals(JsonElement.Parse(Stored()), JsonElement.Parse(expected.ToJson()))
            .ShouldBeTrue(Stored());
    }

    [Fact]
    public async Task A_repository_that_turns_out_to_have_no_policy_starts_from_an_empty_one()
    {
        (await RunAsync(fix.AwsCommand()!)).ShouldBe(0);

        Stored().ShouldBe(PolicyDocument.Empty.With(fix.Statement).ToJson());
    }

    [Fact]
    public async Task Any_other_error_stops_before_anything_is_written()
    {
        await StoreAsync("error", "An error occurred (AccessDeniedException) when calling");

        (await RunAsync(fix.AwsCommand()!)).ShouldNotBe(0);

        File.Exists(Path.Combine(folder.FullName, "policy")).ShouldBeFalse();
    }

    [Fact]
    public async Task An_identity_statement_becomes_an_inline_policy_that_replaces_no_other()
    {
        var fixes = PolicyFixes.For(
            fix.Request with
            {
                Wanting = [PolicyKind.Identity],
                Actions = ["ecr:PutImage", "ecr:GetAuthorizationToken"],
            }
        );

        (await RunAsync(fixes[0].AwsCommand()!)).ShouldBe(0);

        var arguments = await File.ReadAllLinesAsync(
            Path.Combine(folder.FullName, "arguments"),
            TestContext.Current.CancellationToken
        );
        arguments[..5].ShouldBe(["iam", "put-role-policy", "--role-name", "ci", "--policy-name"]);
        arguments[5].ShouldMatch("^AllowPushToTeamAWeb-[0-9a-f]{8}$");
        PolicyDocument.Parse(Stored()).Statements.ShouldHaveSingleItem().Resource!.Patterns.ShouldBe([RepositoryArn]);
        fixes[1].AwsCommand()!.ShouldNotContain(arguments[5]);
    }

    [Fact]
    public void A_user_gets_an_inline_policy_whose_name_is_no_longer_than_IAM_allows()
    {
        var repository = $"{RepositoryArn}-{string.Join('-', Enumerable.Repeat("long", 40))}";

        var command = PolicyFixes
            .For(
                fix.Request with
                {
                    Wanting = [PolicyKind.Identity],
                    Caller = User(Other),
                    RepositoryArn = repository,
                }
            )[0]
            .AwsCommand()!
            .Split(' ');

        command[..6].ShouldBe(["aws", "iam", "put-user-policy", "--user-name", "alice", "--policy-name"]);
        command[6].Length.ShouldBe(128);
        command[6].ShouldMatch("^AllowPushToTeamAWebLong[a-zA-Z]*-[0-9a-f]{8}$");
    }

    /// <summary>Each character alone, first, between others, last, and around a command that would run if quotes ended.</summary>
    [Fact]
    public void A_word_for_any_shell_holds_nothing_that_one_of_them_replaces()
    {
        char[] special =
        [
            .. Enumerable.Range(0, 256).Select(code => (char)code),
            .. "\u2018\u2019\u201A\u201B\u201C\u201D\u201E\u2028\u2029\u3000",
        ];
        foreach (
            var text in special.SelectMany(c =>
                (string[])[$"{c}", $"{c}a", $"a{c}b", $"a{c}", $"a{c};cmd;{c}b", $"a b{c}"]
            )
        )
        {
            var word = ShellWord.QuoteForAnyShell(text);
            if (word is null)
            {
                text.AsSpan().ContainsAny(ReplacedInQuotes).ShouldBeTrue(text);
            }
            else if (word == text)
            {
                word.ShouldMatch(@"^[A-Za-z0-9_./:+=][A-Za-z0-9_./:@+=-]*\z");
            }
            else
            {
                word.ShouldBe($"\"{text}\"");
                text.AsSpan().ContainsAny(ReplacedInQuotes).ShouldBeFalse(text);
            }
        }
    }

    [Fact]
    public async Task A_word_for_any_shell_is_one_word_for_bash_and_for_PowerShell()
    {
        string[] texts =
        [
            "a b",
            "it's",
            "@splat",
            "a,b",
            "a=b",
            "-a.b",
            "-a:b",
            "\u2019;cmd;\u2019",
            "a;cmd;b",
            "a&cmd&b",
            "a|cmd",
            "a^b",
            "<a>",
            "(1+1)",
            "#a",
            "{a}",
            "~",
        ];
        var words = string.Join(' ', texts.Select(ShellWord.QuoteForAnyShell));
        var expected = string.Concat(texts.Select(text => $"[{text}]"));

        var bash = await Cli.RunAsync(
            RealPart.Find("bash"),
            ["-c", $"printf '[%s]' {words}"],
            cancellationToken: TestContext.Current.CancellationToken
        );
        var power = await Cli.RunAsync(
            "dotnet",
            [
                "tool",
                "run",
                "pwsh",
                "--",
                "-NoProfile",
                "-Command",
                // PowerShell passes words to a program in another way than to its own functions.
                $"& '{RealPart.Find("printf")}' '[%s]' {words}",
            ],
            cancellationToken: TestContext.Current.CancellationToken
        );

        bash.Output.ShouldBe(expected);
        _ = (power.ToString().Contains("dotnet tool restore", StringComparison.Ordinal) ? null : power).OrSkip(
            "PowerShell"
        );
        power.Output.Trim().ShouldBe(expected);
    }

    [Fact]
    public void An_empty_text_is_still_a_word_of_a_shell() => ShellWord.Quote("").ShouldBe("''");

    [Fact]
    public void The_role_of_a_permission_set_cannot_be_edited_so_words_say_where_to_go()
    {
        var single = PolicyFixes.For(
            fix.Request with
            {
                Wanting = [PolicyKind.Identity],
                Caller = Session(Other, "AWSReservedSSO_Dev_0123456789abcdef"),
            }
        )[0];

        single.AwsCommand().ShouldBeNull();
        single.Instruction.ShouldContain("permission set Dev");
    }

    private string Stored() => File.ReadAllText(Path.Combine(folder.FullName, "policy"));

    private Task StoreAsync(string name, string text) =>
        File.WriteAllTextAsync(Path.Combine(folder.FullName, name), text, TestContext.Current.CancellationToken);

    private async Task<int> RunAsync(string command)
    {
        var bash = RealPart.Find("bash");
        _ = RealPart.Find("jq");

        var aws = Path.Combine(folder.FullName, "aws");
        await File.WriteAllTextAsync(aws, FakeAws, TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(aws, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var start = new ProcessStartInfo(bash, ["-c", command])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["PATH"] = folder.FullName + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
        start.Environment["FAKE"] = folder.FullName;
        using var process = Process.Start(start)!;
        await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }
}
