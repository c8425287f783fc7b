namespace EcrBuildTasks.Aws;

/// <summary>
/// Requests the caller identity while longer work runs, for the report of that work. If AWS does not answer in time, the
/// report lacks a name.
/// </summary>
public sealed class CallerInquiry
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly Task<CallerIdentity> _caller;

    private CallerInquiry(Task<CallerIdentity> caller) => _caller = caller;

    public static CallerInquiry Start(AwsSession session, CancellationToken cancellationToken) =>
        new(Task.Run(() => session.GetCallerIdentityAsync(cancellationToken), cancellationToken));

    /// <summary>Waits one second at most.</summary>
    /// <returns><see cref="CallerIdentity.NotKnown"/> if AWS did not answer.</returns>
    public async Task<CallerIdentity> AnswerAsync()
    {
        try
        {
            return await _caller.WaitAsync(LongestWait, CancellationToken.None);
        }
        catch (Exception)
        {
            return CallerIdentity.NotKnown;
        }
    }
}
