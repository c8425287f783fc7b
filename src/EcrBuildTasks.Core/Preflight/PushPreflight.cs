using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Registry;

namespace EcrBuildTasks.Preflight;

/// <summary>Finds out before a push whether it will be allowed. All calls go out at once.</summary>
internal sealed class PushPreflight(
    AwsSession session,
    Func<CancellationToken, Task<EcrAuthorization>> getAuthorization
)
{
    /// <exception cref="AwsSessionException">AWS cannot be asked with this identity.</exception>
    public async Task<PreflightReport> RunAsync(
        ImageReference image,
        PreflightMode mode,
        CancellationToken cancellationToken
    )
    {
        // Most of a first call is the compilation of its code, so that not even the beginnings wait for each other.
        var caller = Task.Run(() => session.GetCallerIdentityAsync(cancellationToken), cancellationToken);
        var token = Task.Run(() => AskForTokenAsync(cancellationToken), cancellationToken);
        using var ecr = session.CreateEcrClient(image.Registry.Region);
        var repository = new RepositoryLookup(ecr, image).RunAsync(cancellationToken);
        var probe =
            mode is PreflightMode.Probe
                ? new PermissionProbe(ecr, image).RunAsync(cancellationToken)
                : Task.FromResult(NotAsked());
        await Task.WhenAll(caller, token, repository, probe);

        var analysis = new PolicyAnalysis(await caller, image, await repository);
        return new()
        {
            Caller = await caller,
            CredentialsSource = session.CredentialsSource,
            Image = image,
            Token = await token,
            Actions = [.. (await probe).Select(analysis.Complete)],
            Repository = await repository,
        };
    }

    private async Task<ActionVerdict> AskForTokenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await getAuthorization(cancellationToken);
            return new(PushAction.GetAuthorizationToken, Permission.Allowed, "") { RawAnswer = "200" };
        }
        catch (AmazonServiceException answer) when (answer.ErrorCode is "AccessDeniedException" or "AccessDenied")
        {
            return new(PushAction.GetAuthorizationToken, Permission.Denied, answer.Message)
            {
                RawAnswer = answer.ErrorCode,
            };
        }
        catch (AmazonServiceException answer)
        {
            return new(PushAction.GetAuthorizationToken, Permission.Unknown, $"AWS answered {answer.ErrorCode}")
            {
                RawAnswer = answer.ErrorCode,
            };
        }
    }

    private static ActionVerdict[] NotAsked() =>
        [.. PushAction.OnRepository.Select(action => new ActionVerdict(action, Permission.Unknown, ""))];
}
