namespace EcrBuildTasks.Emulator.Configuration;

/// <summary>
/// How often an account may call an action: a bucket of tokens, as AWS has it, which all callers of the account share. A call of the
/// registry protocol counts as the action whose permission it needs. ECR and ECR Public have a bucket each for an action of both.
/// </summary>
/// <param name="Action">The action, such as <c>GetAuthorizationToken</c>.</param>
/// <param name="PerSecond">How many tokens come back in a second.</param>
/// <param name="Burst">How many tokens the bucket holds; it starts full.</param>
public sealed record RateLimit(string Action, double PerSecond, int Burst);
