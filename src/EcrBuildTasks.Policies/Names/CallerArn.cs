using System.Text.RegularExpressions;

namespace EcrBuildTasks.Policies.Names;

/// <summary>The ARN of a principal that can call AWS. Its names are valid IAM names, so none is a wildcard, a variable or masked.</summary>
/// <param name="Partition">Such as <c>aws</c>.</param>
/// <param name="Account">The 12 digits.</param>
/// <param name="Type"><c>root</c>, <c>user</c>, <c>role</c>, <c>assumed-role</c> or <c>federated-user</c>.</param>
/// <param name="Name">The name without its path; of a session the name of its role.</param>
public sealed partial record CallerArn(string Partition, string Account, string Type, string Name)
{
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    private const string NamePattern = @"[A-Za-z0-9_+=,.@-]{1,64}";

    // IAM accepts any printable ASCII character in a path. A pattern would read * and ? as wildcards and ${ as a variable,
    // and masks are written in brackets.
    private const string PathPattern = @"([!-~-[*?$<>{}""'`\\/\[\]]]+/)*";

    public static CallerArn? Parse(string text) =>
        Arn.Parse(text) is { IsInOneAccount: true, Region: "" } arn
        && Pattern().Match($"{arn.Service}:{arn.Resource}") is { Success: true, Groups: var parts }
            ? new(arn.Partition, arn.Account, parts["type"].Value, parts["name"].Value)
            : null;

    [GeneratedRegex(
        $@"^(iam:((?<type>root)|(?<type>user|role)/{PathPattern}(?<name>{NamePattern}))|sts:((?<type>assumed-role)/(?<name>{NamePattern})/{NamePattern}|(?<type>federated-user)/(?<name>{NamePattern})))\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: Timeout.Infinite
    )]
    private static partial Regex Pattern();
}
