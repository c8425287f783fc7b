namespace EcrBuildTasks.Policies;

/// <summary>The kinds of policy that take part in an authorization decision, as AWS names them in a denial.</summary>
public enum PolicyKind
{
    /// <summary>The resource-based policy of an ECR repository.</summary>
    Repository,

    /// <summary>The registry policy of the account that owns the repository.</summary>
    Registry,

    /// <summary>An identity-based policy of the caller.</summary>
    Identity,

    /// <summary>The caller's permissions boundary.</summary>
    PermissionsBoundary,

    /// <summary>The policy passed when the caller's session was created.</summary>
    Session,

    /// <summary>A service control policy of the caller's organization.</summary>
    ServiceControl,

    /// <summary>A resource control policy of the organization that owns the repository.</summary>
    ResourceControl,

    /// <summary>The policy of the VPC endpoint that the request went through.</summary>
    VpcEndpoint,

    RoleTrust,
}
