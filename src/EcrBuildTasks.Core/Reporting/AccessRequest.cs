using System.Globalization;
using System.Text;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Reporting;

/// <summary>One page in Markdown that asks the owner of a policy for the access that a push was denied.</summary>
/// <param name="report">The denied preflight.</param>
/// <param name="diagnostics">Why it is denied.</param>
/// <param name="fixes">The statements that allow it; none if no statement can.</param>
public sealed class AccessRequest(
    PreflightReport report,
    IReadOnlyList<EcrDiagnostic> diagnostics,
    IReadOnlyList<PolicyFix> fixes
)
{
    private string Image => $"{report.Image.Registry}/{report.Image.Repository}";

    private string Principal => report.Caller.RoleArn ?? report.Caller.Arn;

    /// <summary>The page, which holds nothing secret.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append($"# Request: allow a push to {Markdown(Image)}\n\n");
        text.Append("| | |\n|---|---|\n");
        Row(text, "Who requests access", report.Caller.Arn);
        Row(text, "To", Image);
        Row(text, "Requested actions", string.Join(", ", Actions()));
        Row(text, "Accounts that decide", string.Join(", ", Deciders()));
        text.Append("\n## Why it is denied\n\n");
        foreach (var diagnostic in diagnostics.Where(diagnostic => diagnostic.Severity is DiagnosticSeverity.Error))
        {
            text.Append($"- [{diagnostic.Code.Id}]({diagnostic.HelpLink}): {Markdown(diagnostic.Message)}\n");
        }

        foreach (var reason in report.Denied.Select(denied => denied.Reason).Where(reason => reason.Length > 0).Take(1))
        {
            text.Append($"- AWS answered: {Markdown(reason)}\n");
        }

        text.Append('\n');
        if (report.Repository.Repository is Presence.NotSeen)
        {
            text.Append(
                "The requester cannot see whether the repository exists. If this does not list it, create it first:\n\n"
            );
            Block(text, "shell", $"dotnet ecr repository list {report.Image.Registry}");
        }

        foreach (var fix in fixes)
        {
            Append(text, fix);
        }

        if (fixes.Count == 0)
        {
            text.Append(
                "## What to change\n\nNo added statement allows the push. The policy that is named above has to change.\n\n"
            );
        }

        text.Append("## How to verify\n\nThe requester:\n\n");
        Block(text, "shell", $"dotnet ecr check {Image}");
        text.Append("The owner, with credentials that can read the repository policy:\n\n");
        Block(text, "shell", $"dotnet ecr check {Image} --as {Principal}");
        return text.ToString();
    }

    /// <summary>A fix can name more actions than were denied: those that were not probed.</summary>
    private IEnumerable<string> Actions() =>
        fixes
            .SelectMany(fix => fix.Request.Actions)
            .Concat(report.Denied.Select(verdict => verdict.Action))
            .Distinct(StringComparer.Ordinal);

    private IEnumerable<string> Deciders() =>
        fixes
            .Select(fix => fix.OwnerAccount)
            .DefaultIfEmpty(report.Image.Registry.Account)
            .Where(account => account.Length > 0)
            .Distinct(StringComparer.Ordinal);

    private void Append(StringBuilder text, PolicyFix fix)
    {
        var isOfRepository = fix.Policy is PolicyKind.Repository;
        text.Append(
            isOfRepository
                ? $"## Repository policy of {Markdown(report.Image.Repository)}, account {fix.OwnerAccount}\n\n"
                : $"## Identity policy of the caller, account {fix.OwnerAccount}\n\n"
        );
        text.Append($"{Markdown(fix.Instruction)}\n\n");
        Block(text, "json", fix.ToJson());
        if (isOfRepository)
        {
            AppendPolicy(text, fix);
            text.Append($"This command adds it, with credentials of account {fix.OwnerAccount}:\n\n");
            Block(text, "shell", $"dotnet ecr policy fix {Image} --principal {Principal} --apply");
        }

        if (fix.AwsCommand() is { } command)
        {
            text.Append(isOfRepository ? "Or, with the AWS CLI:\n\n" : "With the AWS CLI:\n\n");
            Block(text, "shell", command);
        }
    }

    private void AppendPolicy(StringBuilder text, PolicyFix fix)
    {
        if (report.Repository.Policy is Presence.NotSeen || fix.ChangedPolicy is not { } changed)
        {
            text.Append("The current policy could not be read by the requester.\n\n");
            return;
        }

        if (report.Repository.PolicyDocument is not { } current)
        {
            text.Append("The repository has no policy now.\n\n");
            return;
        }

        text.Append("The current policy:\n\n");
        Block(text, "json", current.ToJson(indented: true));
        text.Append("The difference:\n\n");
        Block(
            text,
            "diff",
            string.Join(
                '\n',
                LineDifference.Between(
                    current.ToJson(indented: true).Split('\n'),
                    changed.ToJson(indented: true).Split('\n')
                )
            )
        );
    }

    private static void Row(StringBuilder text, string name, string value) =>
        text.Append($"| {name} | {Markdown(value)} |\n");

    /// <summary>A fenced block, whose fence is longer than any in the content.</summary>
    private static void Block(StringBuilder text, string language, string content)
    {
        var fence = "```";
        while (content.Contains(fence, StringComparison.Ordinal))
        {
            fence += '`';
        }

        text.Append($"{fence}{language}\n{UntrustedText.ToJson(OutgoingText.Redact(content))}\n{fence}\n\n");
    }

    /// <summary>A line of text for a page that many can read, which no reader of Markdown takes for markup, a link, a mention or a part of a table.</summary>
    public static string Markdown(string value)
    {
        var line = OutgoingText.ToLine(AuthorizationDetails.RemoveFrom(value));
        var escaped = new StringBuilder(line.Length);
        foreach (var letter in line)
        {
            _ =
                letter is '<' or '>' or '&' or '@' or '|'
                    ? escaped.Append(CultureInfo.InvariantCulture, $"&#{(int)letter};")
                : letter is '\\' or '`' or '*' or '_' or '[' or ']' or '#' or '!' or '~'
                    ? escaped.Append('\\').Append(letter)
                : escaped.Append(letter);
        }

        // A bare address becomes a link.
        return escaped.Replace("://", "&#58;//").Replace("www.", "www&#46;").ToString();
    }
}
