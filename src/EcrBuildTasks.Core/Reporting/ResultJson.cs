using System.Text.Json.Nodes;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Scans;

namespace EcrBuildTasks.Reporting;

/// <summary>The results for programs, for files of a build and for the output of commands alike.</summary>
public static class ResultJson
{
    /// <summary>What was pushed, and where it can be pulled.</summary>
    public static JsonObject Of(PushResult result) =>
        new()
        {
            ["registry"] = result.Image.Registry.ToString(),
            ["repository"] = result.Image.Repository,
            ["digest"] = result.Pushed.Digest,
            ["sizeInBytes"] = result.Pushed.SizeInBytes,
            ["pushedBytes"] = result.Pushed.PushedBytes,
            ["skipped"] = result.IsSkipped,
            ["caller"] = CallerWords.Json(result.Caller, result.CredentialsSource),
            ["seconds"] = Math.Round(result.Elapsed.TotalSeconds, 3),
            ["images"] = new JsonArray([
                .. result.Pushed.Tags.Select(tag => new JsonObject { ["uri"] = result.UriOf(tag), ["tag"] = tag }),
            ]),
            ["floatingTags"] = new JsonArray([
                .. result.FloatingTags.Select(move => new JsonObject
                {
                    ["tag"] = move.Tag,
                    ["moved"] = move.IsMoved,
                    ["heldBy"] = move.HeldBy,
                }),
            ]),
            ["scan"] = result.Scan is { } scan ? Of(scan) : null,
        };

    private static JsonObject Of(ScanReport scan) =>
        new()
        {
            ["end"] = scan.End.ToString(),
            ["words"] = scan.Words.Length > 0 ? scan.Words : null,
            ["findings"] = new JsonArray([
                .. scan.Findings.Select(finding => new JsonObject
                {
                    ["name"] = finding.Name,
                    ["severity"] = finding.Severity.ToString().ToUpperInvariant(),
                    ["package"] = finding.Package,
                    ["version"] = finding.Version,
                    ["fixedIn"] = finding.FixedIn,
                    ["uri"] = finding.Uri,
                    ["platforms"] = new JsonArray([
                        .. finding.Platforms.Select(platform => JsonValue.Create(platform)),
                    ]),
                }),
            ]),
        };

    /// <summary>The statements that mend a denial, in all their formats.</summary>
    public static JsonArray Of(IReadOnlyList<PolicyFix> fixes) =>
        new([
            .. fixes.Select(fix => new JsonObject
            {
                ["policy"] = fix.Policy.ToString(),
                ["ownerAccount"] = fix.OwnerAccount,
                ["principal"] = fix.Request.RoleArn ?? fix.Request.Caller.Arn,
                ["repositoryArn"] = fix.Request.RepositoryArn,
                ["actions"] = new JsonArray([.. fix.Request.Actions.Select(action => JsonValue.Create(action))]),
                ["instruction"] = fix.Instruction,
                ["statement"] = JsonNode.Parse(fix.ToJson()),
                ["wholePolicy"] = fix.Render(FixFormat.Policy) is { } whole ? JsonNode.Parse(whole) : null,
                ["command"] = fix.AwsCommand(),
                ["terraform"] = fix.Render(FixFormat.Terraform),
                ["cloudFormation"] = fix.Render(FixFormat.CloudFormation),
                ["cdk"] = fix.Render(FixFormat.Cdk),
            }),
        ]);
}
