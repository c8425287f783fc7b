using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcrBuildTasks.Documentation.Tests.Markdown;
using EcrBuildTasks.Failures.Reading;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Tool.Cases;

namespace EcrBuildTasks.Documentation.Tests.Pages;

/// <summary>What the page about permissions says of policies, decided by the evaluator.</summary>
public sealed partial class PermissionsPageTests
{
    private static readonly MarkdownPage Page = DocumentationPages.Find("docs/permissions.md");

    private static readonly string[] OtherActions =
    [
        PushAction.GetServiceBearerToken,
        "ecr:BatchDeleteImage",
        "ecr:BatchImportUpstreamImage",
        "ecr:CreateRepository",
        "ecr:DeleteRepository",
        "ecr:DeleteRepositoryPolicy",
        "ecr:DescribeImageScanFindings",
        "ecr:DescribeImageSigningStatus",
        "ecr:DescribeImages",
        "ecr:DescribePullThroughCacheRules",
        "ecr:DescribeRepositories",
        "ecr:DescribeRepositoryCreationTemplates",
        "ecr:GetDownloadUrlForLayer",
        "ecr:GetRegistryPolicy",
        "ecr:GetRepositoryPolicy",
        "ecr:GetSigningConfiguration",
        "ecr:ListImages",
        "ecr:ListTagsForResource",
        "ecr:PutLifecyclePolicy",
        "ecr:SetRepositoryPolicy",
        "iam:GetRequestAuthorizationDetails",
        "iam:GetRole",
        "signer:SignPayload",
        "sts:AssumeRole",
        "sts:AssumeRoleWithWebIdentity",
        "sts:TagSession",
    ];

    private static readonly string Cases = DocumentationPages.InTree("docs/permissions.jsonl");

    [Fact]
    public void Every_answer_is_what_the_evaluator_says()
    {
        using var file = File.OpenRead(Cases);
        using var said = new MemoryStream();

        var count = CaseRun.Run(file, said, () => new ExpectationReport());

        System.Text.Encoding.UTF8.GetString(said.ToArray()).ShouldBeEmpty();
        count.Right.ShouldBe(count.Total);
        count.Total.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void Every_case_is_on_the_page_with_its_verdict_and_no_row_names_another()
    {
        var verdicts = File.ReadLines(Cases)
            .Select(line => JsonNode.Parse(line)!)
            .ToDictionary(
                each => each["id"]!.GetValue<string>(),
                each => each["expected"]!["verdict"]!.GetValue<string>(),
                StringComparer.Ordinal
            );
        var rows = Page
            .Rows.Where(row => CaseId().IsMatch(row[^1]))
            .ToDictionary(row => row[^1].Trim('`'), row => row[^2], StringComparer.Ordinal);

        rows.Keys.Except(verdicts.Keys).ShouldBeEmpty();
        // The prose names what is in no table.
        verdicts.Keys.ShouldAllBe(id => rows.ContainsKey(id) || Page.InlineCode.Contains(id));
        rows.ShouldAllBe(row => row.Value.Trim('*').StartsWith(verdicts[row.Key] == "Allowed" ? "allowed" : "denied"));
    }

    [Fact]
    public void The_table_of_actions_is_what_a_push_needs() =>
        new MarkdownPage("section", Page.Section("The six actions, and the token"))
            .Rows.Skip(1)
            .Select(row => row[1].Trim('`'))
            .ShouldBe(
                PushAction.On(RegistryKind.Private).Append(PushAction.TokenOf(RegistryKind.Private)),
                ignoreOrder: true
            );

    [Fact]
    public void Every_action_that_a_page_names_is_one_of_AWS()
    {
        var ofPush = new[] { RegistryKind.Private, RegistryKind.Public }.SelectMany(kind =>
            PushAction.On(kind).Append(PushAction.TokenOf(kind))
        );

        DocumentationPages
            .All.SelectMany(page => Action().Matches(page.Text).Select(match => match.Value))
            .Except(ofPush)
            .Except(OtherActions)
            .ShouldBeEmpty();
    }

    [Fact]
    public void Every_text_of_a_failure_has_the_code_that_the_product_gives_it()
    {
        var section = new MarkdownPage("section", Page.Section("How to read a denial"));
        var sentence = section.Blocks[0].Text;
        var beginning = sentence[..sentence.IndexOf(" because ", StringComparison.Ordinal)];
        var rows = section.Rows.Where(row => row is [_, _, ['[', 'E', 'C', 'R', ..]]).ToList();

        rows.Count.ShouldBeGreaterThan(12);
        foreach (var row in rows)
        {
            var shown = row[0].Trim('`');
            var text = Ending().IsMatch(shown) ? $"{beginning} {shown}" : shown;

            FailureText.Read(text).Code.ShouldNotBeNull(text).Id.ShouldBe(row[2][1..8], text);
        }
    }

    [GeneratedRegex("^`[a-z]+(-[a-z]+)+`$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CaseId();

    [GeneratedRegex(
        @"\b(ecr|ecr-public|sts|iam):[A-Z][A-Za-z]+",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Action();

    [GeneratedRegex("^(because|with) ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ending();
}
