namespace EcrBuildTasks.Policies;

/// <summary>A principal that makes a request, as <c>sts:GetCallerIdentity</c> names it.</summary>
/// <param name="Arn">The ARN; for a role's session the <c>assumed-role</c> ARN, which has lost the role's path.</param>
/// <param name="Account">The 12 digits of the caller's account.</param>
/// <param name="UserId">The unique id: <c>AIDA…</c>, <c>AROA…:session</c>, <c>account:name</c> or the account.</param>
public sealed record Caller(string Arn, string Account, string UserId);
