using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Identity;

namespace EcrBuildTasks.Emulator.Credentials;

/// <summary>The metadata service of an EC2 instance: every request requires an IMDSv2 token.</summary>
internal sealed class InstanceMetadataApi
{
    public const string PathPrefix = "/latest/";

    private const string TokenHeader = "X-aws-ec2-metadata-token";
    private const string Credentials = "/latest/meta-data/iam/security-credentials/";
    private static readonly TimeSpan CredentialsLife = TimeSpan.FromHours(6);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _tokens = new(StringComparer.Ordinal);
    private readonly EmulatedInstance _instance;
    private readonly EmulatedRole? _role;
    private readonly IdentityDirectory _directory;
    private readonly TimeProvider _clock;

    /// <exception cref="EmulatorConfigurationException">The instance's role is missing.</exception>
    public InstanceMetadataApi(EmulatedInstance instance, IdentityDirectory directory, TimeProvider clock)
    {
        this._instance = instance;
        this._directory = directory;
        this._clock = clock;
        _role = instance.RoleArn is { } arn ? directory.GetRole(arn, "the instance") : null;
    }

    public Task AnswerAsync(HttpContext context, CallRecord record)
    {
        var request = context.Request;
        record.Service = "imds";
        if (request.Path == "/latest/api/token")
        {
            record.Action = "GetToken";
            return GiveTokenAsync(context);
        }

        record.Action = "GetMetadata";
        if (!_tokens.TryGetValue(request.Headers[TokenHeader].ToString(), out var end) || end <= _clock.GetUtcNow())
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }

        if (!HttpMethods.IsGet(request.Method) || TextOf(request.Path.Value!) is not { } text)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    private Task GiveTokenAsync(HttpContext context)
    {
        var request = context.Request;
        var answer = context.Response;
        if (!HttpMethods.IsPut(request.Method))
        {
            answer.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return Task.CompletedTask;
        }

        // What a proxy lets through is not asked by the instance itself.
        if (request.Headers.ContainsKey("X-Forwarded-For"))
        {
            answer.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        var life = request.Headers[TokenHeader + "-ttl-seconds"].ToString();
        if (
            !int.TryParse(life, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds is < 1 or > 21600
        )
        {
            answer.StatusCode = StatusCodes.Status400BadRequest;
            return Task.CompletedTask;
        }

        var token = Convert.ToBase64String(RandomNumberGenerator.GetBytes(42));
        _tokens[token] = _clock.GetUtcNow() + TimeSpan.FromSeconds(seconds);
        answer.Headers[TokenHeader + "-ttl-seconds"] = life;
        answer.ContentType = "text/plain";
        return answer.WriteAsync(token, context.RequestAborted);
    }

    private string? TextOf(string path) =>
        path switch
        {
            Credentials or "/latest/meta-data/iam/security-credentials" => _role?.Role.Name,
            "/latest/meta-data/instance-id" => _instance.Id,
            "/latest/meta-data/placement/region" => _instance.Region,
            "/latest/meta-data/placement/availability-zone" or "/latest/meta-data/placement/availability-zone/" =>
                $"{_instance.Region}a",
            "/latest/dynamic/instance-identity/document" => new JsonObject
            {
                ["instanceId"] = _instance.Id,
                ["region"] = _instance.Region,
            }.ToJsonString(),
            _ when _role is not null && path == Credentials + _role.Role.Name => RoleAnswer(_role),
            _ => null,
        };

    private string RoleAnswer(EmulatedRole ofInstance)
    {
        var answer = RoleCredentials.Json(
            _directory.StartSession(ofInstance, _instance.Id, CredentialsLife, policy: null)
        );
        answer["Code"] = "Success";
        answer["Type"] = "AWS-HMAC";
        answer["LastUpdated"] = _clock
            .GetUtcNow()
            .UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return answer.ToJsonString();
    }
}
