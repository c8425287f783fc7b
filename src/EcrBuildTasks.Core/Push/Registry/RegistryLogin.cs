using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Push.Registry;

/// <summary>Checks whether a registry accepts credentials, independent of a repository.</summary>
public static class RegistryLogin
{
    /// <summary>Sends one request to the registry, with a token for the password if the registry requires one.</summary>
    /// <param name="password">The password, and the registry's host.</param>
    /// <param name="environment">The environment, whose proxies are used and whose certificates are trusted.</param>
    /// <exception cref="PushException">It does not, or it cannot be reached.</exception>
    public static async Task CheckAsync(
        RegistryCredentials password,
        EnvironmentVariables environment,
        CancellationToken cancellationToken
    )
    {
        var registry = password.Address;
        var timing = new PushTiming();
        using var transport = new RegistryTransport(timing, CertificateBundle.FromEnvironment(environment));
        using var credentials = new CurrentCredentials(
            _ => Task.FromResult<RegistryCredentials?>(password),
            TimeProvider.System
        );
        var http = new RegistryHttp(transport.To(registry), registry, credentials, timing, TimeProvider.System);
        credentials.TokenService = new TokenService(http, repository: null, TimeProvider.System);
        var ping = new RegistryRequest(HttpMethod.Get, new Uri(registry, "/v2/"), $"Logging in to {registry.Authority}")
        {
            Expected = ExpectedAnswer.Ping,
        };
        try
        {
            var answer = await http.SendAsync(ping, cancellationToken);
            if (!answer.IsSuccess)
            {
                throw Refusal.FromAnswer(answer);
            }
        }
        catch (TransientFailure failure)
        {
            throw failure.Failure;
        }
    }
}
