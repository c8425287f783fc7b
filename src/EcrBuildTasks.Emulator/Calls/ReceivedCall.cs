namespace EcrBuildTasks.Emulator.Calls;

/// <summary>A request that the emulator has answered, or that it could not answer because the connection broke.</summary>
/// <param name="Service">
/// <c>ecr</c>, <c>ecr-public</c>, <c>sts</c>, <c>iam</c>, <c>registry</c> for <c>/v2/</c>, <c>public</c> for an image that needs no
/// credentials, <c>sso</c> and <c>sso-oidc</c> of IAM Identity Center, <c>container</c> or <c>imds</c>.
/// </param>
/// <param name="Action">
/// The operation, such as <c>PutImage</c>; over <c>/v2/</c> the one whose permission was asked for, <c>Ping</c> where none was;
/// <c>Unknown</c> where a fault struck first.
/// </param>
/// <param name="Principal">The caller's ARN; <see langword="null"/> when it was not recognized.</param>
/// <param name="Status">The HTTP status of the answer; 0 where there was none.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, without query.</param>
public sealed record ReceivedCall(
    string Service,
    string Action,
    string? Principal,
    int Status,
    string Method,
    string Path
);
