using EcrBuildTasks.Aws;
using EcrBuildTasks.Push.Registry;

namespace EcrBuildTasks.Tool.Doctor;

/// <summary>Whether ECR provides a password, and the registry accepts it.</summary>
internal static class RegistryCheck
{
    public static async Task<Finding> LookAsync(Surroundings place, CancellationToken cancellationToken)
    {
        try
        {
            var session = await place.Session;
            if (session.Region is null)
            {
                return EndpointCheck.NoRegion;
            }
        }
        catch (AwsSessionException)
        {
            return Finding.Warning("Not checked because there are no credentials.", "Fix the credentials first.");
        }

        var authorization = await place.Identities.GetAuthorizationAsync(
            place.Settings,
            place.Registry,
            renew: false,
            cancellationToken
        );
        var credentials = authorization.CredentialsFor(place.Registry);
        await RegistryLogin.CheckAsync(credentials, place.Environment, cancellationToken);
        return Finding.Ok($"{credentials.Host} accepts the password from ECR.");
    }
}
