namespace EcrBuildTasks.Aws;

/// <summary>
/// Asks who the caller is beside work that takes longer, for the report of that work: what cannot be found out costs a
/// name, and neither the work nor much time.
/// </summary>
/// <param name="session">As whom to ask; one that knows already is not asked again.</param>
public sealed class CallerInquiry(AwsSession session, CancellationToken cancellationToken)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Task<CallerIdentity> _asked = Task.Run(
        () => session.GetCallerIdentityAsync(cancellationToken),
        cancellationToken
    );

    public AwsSession Session { get; } = session;

    /// <summary>The answer, for which a second is waited at most; <see cref="CallerIdentity.NotKnown"/> where there is none.</summary>
    public async Task<CallerIdentity> AnswerAsync()
    {
        try
        {
            return await _asked.WaitAsync(Patience, CancellationToken.None);
        }
        catch (Exception)
        {
            return CallerIdentity.NotKnown;
        }
    }
}
