using EcrBuildTasks.Aws;
using EcrBuildTasks.Push.Registry;

namespace EcrBuildTasks.Tool.Doctor;

/// <summary>Whether ECR gives a password, and the registry takes it.</summary>
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
            return Finding.Warning("Not looked at, for there are no credentials.", "Mend the credentials first.");
        }

        var authorization = await place.Identities.GetAuthorizationAsync(
            place.Settings,
            place.Registry,
            renew: false,
            cancellationToken
        );
        var credentials = authorization.CredentialsFor(place.Registry);
        await RegistryLogin.CheckAsync(credentials, place.Environment, cancellationToken);
        return Finding.Ok($"{credentials.Host} takes the password that ECR gives.");
    }
}
