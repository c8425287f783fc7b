using System.Text.Json;
using Amazon.Runtime;
using CredentialsRefreshState = Amazon.Runtime.RefreshingAWSCredentials.CredentialsRefreshState;

namespace EcrBuildTasks.Aws;

/// <summary>The form in which containers and instances give a role's credentials.</summary>
internal static class RoleCredentialsJson
{
    private const int Longest = 64 * 1024;

    /// <summary>
    /// Asks the machine beside: over no proxy and wherever no redirection leads, for either would get the token that is sent.
    /// </summary>
    public static HttpClient CreateClient(TimeSpan toConnect, TimeSpan toAnswer) =>
        new(
            new SocketsHttpHandler
            {
                UseProxy = false,
                AllowAutoRedirect = false,
                ConnectTimeout = toConnect,
            }
        )
        {
            Timeout = toAnswer,
            MaxResponseContentBufferSize = Longest,
        };

    /// <summary>Null if it is something else.</summary>
    public static CredentialsRefreshState? Read(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var values = json.RootElement;
            return new(
                new ImmutableCredentials(
                    values.GetProperty("AccessKeyId").GetString(),
                    values.GetProperty("SecretAccessKey").GetString(),
                    values.GetProperty("Token").GetString()
                ),
                values.GetProperty("Expiration").GetDateTimeOffset().UtcDateTime
            );
        }
        catch (Exception failure)
            when (failure
                    is JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or FormatException
                        or ArgumentNullException
            )
        {
            return null;
        }
    }
}
