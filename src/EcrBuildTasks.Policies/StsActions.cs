namespace EcrBuildTasks.Policies;

/// <summary>The actions by which a role is assumed.</summary>
/// <remarks>https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html</remarks>
public static class StsActions
{
    public const string AssumeRole = "sts:AssumeRole";

    public const string AssumeRoleWithWebIdentity = "sts:AssumeRoleWithWebIdentity";

    private static readonly string[] Assuming =
    [
        AssumeRole,
        AssumeRoleWithWebIdentity,
        "sts:AssumeRoleWithSAML",
        "sts:TagSession",
    ];

    /// <summary>Whether a role is assumed by this action, or tagged while it is.</summary>
    public static bool AssumesRole(string action) => Assuming.Contains(action, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether it is an action of this service.</summary>
    public static bool Include(string action) => action.StartsWith("sts:", StringComparison.OrdinalIgnoreCase);
}

public static class IamActions
{
    /// <summary>The action that an operation of the API needs.</summary>
    public static string ForOperation(string operation) => $"iam:{operation}";
}

public static class SignerActions
{
    /// <summary>Sign with a signing profile; required of the caller who pushes an image that ECR signs.</summary>
    public const string SignPayload = "signer:SignPayload";
}
