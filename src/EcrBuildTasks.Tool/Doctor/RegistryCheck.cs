using System.Net;
using System.Net.Http.Headers;
using System.Text;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Push.Distribution;
using EcrBuildTasks.Registry;

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
        var host = credentials.Host;
        var taken = Finding.Ok($"{host} takes the password that ECR gives.");
        if (place.Registry is { Kind: RegistryKind.Public })
        {
            await RegistryLogin.CheckAsync(credentials, place.Environment, cancellationToken);
            return taken;
        }

        using var question = new HttpRequestMessage(HttpMethod.Get, new Uri(credentials.Address, "/v2/"));
        question.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.Username}:{credentials.Password}"))
        );
        return await EndpointCheck.AskAsync(
            question,
            place.Http,
            status =>
                status is HttpStatusCode.OK
                    ? taken
                    : Finding.Problem(
                        $"{host} answers {(int)status} to the password that ECR gave.",
                        "See whether a proxy changes requests, and whether the policy of a VPC endpoint denies them."
                    ),
            cancellationToken
        );
    }
}
