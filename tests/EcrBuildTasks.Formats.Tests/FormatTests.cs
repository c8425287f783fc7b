using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.CDK.AWS.ECR;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Policies.Tests;
using EcrBuildTasks.Repositories;
using FsCheck;
using FsCheck.Fluent;
using static EcrBuildTasks.Policies.Tests.Samples;

namespace EcrBuildTasks.Formats.Tests;

/// <summary>Each form of a fix, read back by a reader of its language that is not ours, means the same policy.</summary>
public sealed class FormatTests
{
    private static readonly string[] Pieces =
    [
        "a",
        "${aws:username}",
        "$",
        "${*}",
        "%{if x}",
        "%",
        "{{",
        "\"",
        "\\",
        "'",
        "\n",
        "\t",
        " ",
        ": ",
        " #",
        "é",
        "😀",
        "\u2028",
        "\u0085",
        "true",
        "no",
        "-",
        "12",
        "2012-10-17",
        "*",
        "&{",
    ];

    private const string PublicRepositoryArn = $"arn:aws:ecr-public::{Owner}:repository/team-a/web";

    private static readonly IReadOnlyList<PolicyFix> Fixes =
    [
        .. Cases().SelectMany(FixesOf),
        // A few are enough: only the names around the policy differ.
        .. Cases().Take(30).SelectMany(FixesOf).Select(InPublic).OfType<PolicyFix>(),
    ];

    [Fact]
    public async Task Terraform_means_the_same_policy()
    {
        var rendered = Fixes
            .Select(fix => (Fix: fix, Text: fix.Render(FixFormat.Terraform)))
            .Where(each => each.Text is not null)
            .ToList();

        var read = await HclDocuments.ReadAsync(rendered.Select(each => each.Text!));

        foreach (var ((fix, text), document) in rendered.Zip(read))
        {
            var policy = fix switch
            {
                { Policy: PolicyKind.Identity } => Only(document!["resource"]!, "aws_iam_(role|user)_policy")[
                    "policy"
                ]!,
                { ChangedPolicy: not null } => OfRepository(document!["resource"]!, fix)["policy"]!,
                _ => Only(document!["data"]!, "aws_iam_policy_document")["source_policy_documents"]![0]!,
            };
            ShouldMeanTheSame(policy, fix, text!);
        }
    }

    [Fact]
    public async Task Terraform_fits_the_schema_of_the_AWS_provider()
    {
        var rendered = Fixes
            .Select(fix => fix.Render(FixFormat.Terraform))
            .OfType<string>()
            .GroupBy(text => text[..text.IndexOf('{')].Split('"')[1])
            .ToDictionary(texts => texts.Key, texts => texts.Take(20));
        // The policies differ only in texts, which a schema does not know.
        var texts = rendered.Values.SelectMany(some => some).ToList();

        var findings = await HclDocuments.CheckAsync(texts);
        var misspelt = await HclDocuments.CheckAsync(texts.Select(text => text.Replace("polic", "plic")));

        rendered.Keys.ShouldBe(
            [
                "aws_ecr_repository_policy",
                "aws_ecrpublic_repository_policy",
                "aws_iam_policy_document",
                "aws_iam_role_policy",
                "aws_iam_user_policy",
            ],
            ignoreOrder: true
        );
        findings.SelectMany(found => found).ShouldBeEmpty();
        misspelt.ShouldAllBe(found => found.Count > 0);
    }

    [Fact]
    public void CloudFormation_means_the_same_policy()
    {
        foreach (var fix in Fixes)
        {
            if (fix.Render(FixFormat.CloudFormation) is { } text)
            {
                var resource = YamlDocument.Read(text)["Resources"]!.AsObject().ShouldHaveSingleItem().Value!;
                var (type, element) =
                    fix.Policy is PolicyKind.Repository
                        ? ($"AWS::ECR::{(IsPublic(fix) ? "Public" : "")}Repository", "RepositoryPolicyText")
                        : ($"AWS::IAM::{(IsForUser(fix) ? "User" : "Role")}Policy", "PolicyDocument");
                resource["Type"]!.GetValue<string>().ShouldBe(type);
                ShouldMeanTheSame(resource["Properties"]![element]!, fix, text);
            }
        }
    }

    [Fact]
    public void The_CDK_makes_the_same_statement_of_each_fix_and_of_any_other_statement()
    {
        var fixes = Fixes
            .Where(fix => !IsPublic(fix))
            .Select(fix => (fix.Statement, Call: fix.Render(FixFormat.Cdk)))
            .Where(f => f.Call is not null);
        var others = Cases()
            .SelectMany(random => random.Policies.RepositoryPolicy?.Statements ?? [])
            .Select(other =>
                (Statement: other, Call: (string?)$"repository.AddToResourcePolicy({CdkFormat.Statement(other)});")
            );
        var rendered = fixes.Take(60).Concat(others.Take(60)).ToList();

        var read = CdkApp.Run<Repository>([.. rendered.Select(each => each.Call!)]);

        foreach (var ((statement, call), policies) in rendered.Zip(read))
        {
            var made = policies
                .SelectMany(policy => policy["Statement"]!.AsArray())
                .Select(node => node!.DeepClone())
                .Where(node => node["Action"]?.ToString() != "sts:AssumeRole")
                .ShouldHaveSingleItem();
            if (statement.Resource is null)
            {
                made.AsObject().Remove("Resource");
            }

            PolicyMeaning
                .OfStatement(made)
                .ShouldBe(PolicyMeaning.OfStatement(JsonNode.Parse(statement.ToJson())!), call);
        }
    }

    [Fact]
    public void The_CDK_sets_the_whole_policy_of_a_public_repository()
    {
        var rendered = Fixes
            .Where(fix => IsPublic(fix) && fix.Policy is PolicyKind.Repository)
            .Select(fix => (Fix: fix, Code: fix.Render(FixFormat.Cdk)))
            .Where(each => each.Code is not null)
            .ToList();

        var read = CdkApp.Run<CfnPublicRepository>([.. rendered.Select(each => each.Code!)]);

        rendered.Count.ShouldBeGreaterThan(10);
        foreach (var ((fix, code), policies) in rendered.Zip(read))
        {
            ShouldMeanTheSame(policies.ShouldHaveSingleItem(), fix, code!);
        }
    }

    [Fact]
    public void The_statement_and_the_whole_policy_are_the_same_as_JSON()
    {
        foreach (var fix in Fixes)
        {
            JsonNode
                .Parse(fix.Render(FixFormat.Statement)!)!
                .ToJsonString()
                .ShouldBe(JsonNode.Parse(fix.Statement.ToJson())!.ToJsonString());
            if (fix.Render(FixFormat.Policy) is { } whole)
            {
                ShouldMeanTheSame(JsonNode.Parse(whole)!, fix, whole);
            }
        }
    }

    [Fact]
    public void What_cannot_be_kept_in_a_form_is_not_rendered_in_it()
    {
        var unseen = Fixes.First(fix => fix is { Policy: PolicyKind.Repository, Request.RepositoryPolicySeen: false });
        var ofPermissionSet = Fixes.First(fix =>
            fix.Policy is PolicyKind.Identity && fix.Request.Caller.Arn.Contains("AWSReservedSSO")
        );

        unseen.Render(FixFormat.Policy).ShouldBeNull();
        foreach (var format in (FixFormat[])[FixFormat.Terraform, FixFormat.CloudFormation, FixFormat.Cdk])
        {
            unseen.Render(format).ShouldNotBeNull();
            ofPermissionSet.Render(format).ShouldBeNull();
        }
    }

    private static IReadOnlyList<RandomCase> Cases() => RandomPolicies.Sample(150);

    /// <summary>Fixes of a case whose policy has one more statement, full of what the languages give a meaning of their own.</summary>
    private static IEnumerable<PolicyFix> FixesOf(RandomCase random, int index)
    {
        var text = Gen.Elements(Pieces)
            .ListOf(3)
            .Select(string.Concat)
            .ListOf(4)
            .Sample(1, new Rnd((ulong)index + 1, 3), 1);
        var difficult = JsonSerializer.Serialize(
            new
            {
                Effect = "Allow",
                Principal = new { AWS = "*", Service = (string[])["s.amazonaws.com"] },
                Action = "ecr:PutImage",
                Condition = new Dictionary<string, object>
                {
                    ["StringLike"] = new Dictionary<string, object> { ["aws:PrincipalTag/" + text[0][0]] = text[0] },
                    ["Bool"] = new Dictionary<string, object> { ["n"] = (object[])[1, 2.50m, false, "false"] },
                },
            }
        );
        var seen = new FixRequest
        {
            Caller = random.Caller,
            RoleArn = random.RoleArn.Length > 0 ? random.RoleArn : null,
            RepositoryArn = RepositoryArn,
            RepositoryAccount = Owner,
            Actions = [random.Action],
            Wanting = [PolicyKind.Repository, PolicyKind.Identity],
            RepositoryPolicy = Policy([.. random.RepositoryStatements, difficult]),
            RepositoryPolicySeen = true,
        };
        return
        [
            .. PolicyFixes.For(seen),
            .. PolicyFixes.For(seen with { RepositoryPolicy = null, RepositoryPolicySeen = index % 2 == 0 }),
        ];
    }

    /// <summary>The same fix for a public repository; <see langword="null"/> where nothing is to be mended there.</summary>
    private static PolicyFix? InPublic(PolicyFix fix)
    {
        var wanted = fix.Request with
        {
            RepositoryArn = PublicRepositoryArn,
            Actions = [.. fix.Request.Actions.Select(action => action.Replace("ecr:", "ecr-public:"))],
            Wanting = [fix.Policy],
        };
        return PolicyFixes.For(wanted) is [var mended, ..] ? mended : null;
    }

    private static bool IsPublic(PolicyFix fix) => fix.Request.RepositoryArn == PublicRepositoryArn;

    private static JsonNode OfRepository(JsonNode resources, PolicyFix fix)
    {
        var resource = Only(resources, IsPublic(fix) ? "aws_ecrpublic_repository_policy" : "aws_ecr_repository_policy");
        resource[IsPublic(fix) ? "repository_name" : "repository"]!.GetValue<string>().ShouldBe("team-a/web");
        return resource;
    }

    private static void ShouldMeanTheSame(JsonNode read, PolicyFix fix, string text)
    {
        var meant = fix.ChangedPolicy ?? PolicyDocument.Empty.With(fix.Statement);
        PolicyMeaning.OfPolicy(read).ShouldBe(PolicyMeaning.OfPolicy(JsonNode.Parse(meant.ToJson())!), text);
        var again = PolicyDocument.Parse(read.ToJsonString());
        foreach (var (caller, _) in RandomPolicies.Callers)
        {
            Ask(caller, Set(again)).Verdict.ShouldBe(Ask(caller, Set(meant)).Verdict, text);
        }

        PolicySet Set(PolicyDocument policy) =>
            fix.Policy is PolicyKind.Repository
                ? new() { RepositoryPolicy = policy, IdentityPolicies = Identity(IdentityAllow("*")) }
                : new() { IdentityPolicies = [new("", policy)] };
    }

    private static bool IsForUser(PolicyFix fix) => fix.Request.Caller.Arn.Contains(":user/");

    private static JsonNode Only(JsonNode blocks, string type)
    {
        var block = blocks.AsObject().ShouldHaveSingleItem();
        block.Key.ShouldMatch($"^{type}$");
        return block.Value!.AsObject().ShouldHaveSingleItem().Value!.AsArray().ShouldHaveSingleItem()!;
    }
}
