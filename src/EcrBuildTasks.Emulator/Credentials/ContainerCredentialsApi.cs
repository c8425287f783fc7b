using System.Security.Cryptography;
using System.Text;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Identity;

namespace EcrBuildTasks.Emulator.Credentials;

/// <summary>Gives containers the credentials of their roles, as the agents of ECS and of EKS Pod Identity do.</summary>
internal sealed class ContainerCredentialsApi
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(6);

    private readonly Dictionary<string, (EmulatedContainer Container, EmulatedRole Role)> _containers;
    private readonly IdentityDirectory _directory;

    /// <exception cref="EmulatorConfigurationException">A role is missing, or a path belongs to something else.</exception>
    public ContainerCredentialsApi(EmulatorOptions options, IdentityDirectory directory)
    {
        this._directory = directory;
        _containers = new(StringComparer.Ordinal);
        foreach (var container in options.Containers)
        {
            var role = directory.GetRole(container.RoleArn, $"the container {container.Path}");
            if (
                container.Path is not ['/', _, ..]
                || container.Path.StartsWith("/v2", StringComparison.Ordinal)
                || !_containers.TryAdd(container.Path, (container, role))
            )
            {
                throw new EmulatorConfigurationException(
                    $"'{container.Path}' is not a valid path for a container: it must start with a slash, must not start with /v2, and must be unique."
                );
            }
        }
    }

    public bool Serves(PathString path) => _containers.ContainsKey(path.Value ?? "");

    public Task AnswerAsync(HttpContext context, CallRecord record)
    {
        (record.Service, record.Action) = ("container", "GetCredentials");
        var (container, role) = _containers[context.Request.Path.Value!];
        if (container.AuthorizationToken is { } token && !IsGiven(context, token))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return context.Response.WriteAsync("The authorization token is missing or wrong", context.RequestAborted);
        }

        var session = _directory.StartSession(
            role,
            container.Path.Trim('/').Replace('/', '-'),
            Life,
            policy: null,
            container.SessionTags
        );
        record.Principal = session.Principal.Caller.Arn;
        var answer = RoleCredentials.Json(session);
        answer["RoleArn"] = role.Arn;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }

    private static bool IsGiven(HttpContext context, string token) =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(context.Request.Headers.Authorization.ToString()),
            Encoding.UTF8.GetBytes(token)
        );
}
