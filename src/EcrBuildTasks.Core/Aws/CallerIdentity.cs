namespace EcrBuildTasks.Aws;

/// <summary>The answer of <c>sts:GetCallerIdentity</c>.</summary>
/// <param name="Arn">The caller's ARN; for a role's session the <c>assumed-role</c> ARN, which has lost the role's path.</param>
/// <param name="Account">The 12 digits of the caller's account.</param>
/// <param name="UserId">The caller's unique id.</param>
public sealed record CallerIdentity(string Arn, string Account, string UserId)
{
    /// <summary>
    /// The ARN of the role that the caller acts in, with its path; <see langword="null"/> when it is not known, or the caller acts
    /// in none.
    /// </summary>
    public string? RoleArn { get; init; }

    /// <summary>A caller of whom AWS has told nothing.</summary>
    public static CallerIdentity NotKnown { get; } = new("the caller", "", "");
}
