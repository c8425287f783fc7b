using System.Text.Json.Nodes;

namespace EcrBuildTasks.Aws;

/// <summary>The caller and the source of its credentials, in the same words in every report.</summary>
public static class CallerWords
{
    /// <summary>In words, to stand within a sentence.</summary>
    /// <param name="caller">Who AWS says it is; without that, only the source of the credentials is named.</param>
    /// <param name="credentialsSource">Where the credentials come from, as <see cref="AwsSession.CredentialsSource"/> says it.</param>
    public static string Describe(CallerIdentity caller, string credentialsSource) =>
        caller.Account.Length > 0
            ? $"{caller.Arn}, with credentials from {credentialsSource}"
            : $"the identity of the credentials from {credentialsSource}";

    /// <summary>The caller of a session, as far as it is known, in words.</summary>
    public static string Describe(AwsSession session) => Describe(session.KnownCaller, session.CredentialsSource);

    /// <param name="caller">Who AWS says it is.</param>
    /// <param name="credentialsSource">Where the credentials come from.</param>
    public static JsonObject Json(CallerIdentity caller, string credentialsSource) =>
        new()
        {
            ["arn"] = Known(caller.Account, caller.Arn),
            ["account"] = Known(caller.Account, caller.Account),
            ["userId"] = Known(caller.UserId, caller.UserId),
            ["credentialsSource"] = credentialsSource,
        };

    private static string? Known(string whenNotEmpty, string text) => whenNotEmpty.Length > 0 ? text : null;
}
