using System.Net;
using System.Net.Http.Headers;
using System.Text;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Push.Distribution;
using EcrBuildTasks.Policies.Registry;

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
        var host = authorization.HostOf(place.Registry);
        var address = new Uri($"{authorization.ProxyEndpoint.Scheme}://{host}");
        var taken = Finding.Ok($"{host} takes the password that ECR gives.");
        if (place.Registry is { Kind: RegistryKind.Public })
        {
            await RegistryLogin.CheckAsync(
                address,
                new(authorization.Username, authorization.Password),
                place.Environment,
                cancellationToken
            );
            return taken;
        }

        using var question = new HttpRequestMessage(HttpMethod.Get, new Uri(address, "/v2/"));
        question.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"{authorization.Username}:{authorization.Password}"))
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
