namespace EcrBuildTasks.Tool.Doctor;

/// <summary>The clock of this machine compared with AWS, which rejects signatures with a wrong time.</summary>
internal static class ClockCheck
{
    private const string Remedy =
        "Synchronize the clock with NTP (Linux: `timedatectl set-ntp true`). In WSL or a virtual machine, restart it.";

    private static readonly TimeSpan Allowed = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Good = TimeSpan.FromMinutes(1);

    public static async Task<Finding> LookAsync(Surroundings place, CancellationToken cancellationToken)
    {
        var session = await place.GetPlaceAsync();
        return session.Region is null
            ? EndpointCheck.NoRegion
            : await LookAsync(session.StsEndpoint, place.Http, place.TimeProvider, cancellationToken);
    }

    internal static async Task<Finding> LookAsync(
        Uri sts,
        HttpClient http,
        TimeProvider timeProvider,
        CancellationToken cancellationToken
    )
    {
        DateTimeOffset? theirs;
        var before = timeProvider.GetUtcNow();
        try
        {
            using var question = new HttpRequestMessage(HttpMethod.Head, sts);
            using var answer = await http.SendAsync(question, cancellationToken);
            theirs = answer.Headers.Date;
        }
        catch (HttpRequestException)
        {
            return Finding.Warning(
                "Not checked because AWS STS does not respond.",
                "Fix the connection to AWS STS first."
            );
        }

        return theirs is { } date
            ? Evaluate(before + ((timeProvider.GetUtcNow() - before) / 2) - date)
            : Finding.Warning($"{sts.Host} did not report its time.", "Check the clock of this machine manually.");
    }

    private static Finding Evaluate(TimeSpan ahead)
    {
        var words =
            ahead.Duration() < TimeSpan.FromSeconds(2)
                ? "Synchronized with AWS."
                : $"{ahead.Duration().TotalSeconds:0} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} AWS.";
        return ahead.Duration() > Allowed ? Finding.Problem(words, Remedy)
            : ahead.Duration() > Good ? Finding.Warning(words, Remedy)
            : Finding.Ok(words);
    }
}
