using EcrBuildTasks.Aws;

namespace EcrBuildTasks.Tool.Doctor;

/// <summary>The credentials, their source and their identity.</summary>
internal static class CredentialsCheck
{
    public static async Task<Finding> LookAsync(Surroundings place, CancellationToken cancellationToken)
    {
        var session = await place.Session;
        var caller = await session.GetCallerIdentityAsync(cancellationToken);
        return Finding.Ok($"{CallerWords.Describe(caller, session.CredentialsSource)}.");
    }
}
