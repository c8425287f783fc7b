using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Policies.Names;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace EcrBuildTasks.Core.Tests.Aws;

internal sealed record ReceivedRequest(
    string Method,
    string Path,
    IReadOnlyDictionary<string, string> Headers,
    string Body
)
{
    public string Query { get; init; } = "";

    public string Operation => Headers.GetValueOrDefault("X-Amz-Target", string.Empty).Split('.')[^1];

    public JsonNode? Json => JsonNode.Parse(Body);
}

internal sealed record StubAnswer(int Status, string Body, string ContentType = "application/x-amz-json-1.1")
{
    /// <summary>The body, if it is no text.</summary>
    public ReadOnlyMemory<byte>? Bytes { get; init; }

    /// <summary>One more header.</summary>
    public (string Name, string Value)? Header { get; init; }

    public static StubAnswer Error(string code, string message, int status = 400) =>
        new(status, new JsonObject { ["__type"] = code, ["message"] = message }.ToJsonString());

    public static StubAnswer Caller { get; } =
        new(
            200,
            """
            <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
            <Arn>arn:aws:iam::111122223333:user/ci</Arn><UserId>AIDAEXAMPLE</UserId><Account>111122223333</Account>
            </GetCallerIdentityResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>
            """,
            "text/xml"
        );

    public static StubAnswer StsError(string code, string message, int status = 403) =>
        new(
            status,
            $"""
            <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>{code}</Code>
            <Message>{message}</Message></Error><RequestId>r</RequestId></ErrorResponse>
            """,
            "text/xml"
        );

    public static StubAnswer AssumedRole(string accessKey) =>
        new(
            200,
            $"""
            <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
            <AccessKeyId>{accessKey}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
            <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult>
            <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></AssumeRoleResponse>
            """,
            "text/xml"
        );
}

/// <summary>Answers as told and remembers what it was asked: what travels on the wire, not what AWS would decide.</summary>
internal sealed class StubService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();

    private StubService(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.Single());

    public IReadOnlyList<ReceivedRequest> Requests => [.. _requests];

    public static async Task<StubService> StartAsync(Func<ReceivedRequest, StubAnswer> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        var service = new StubService(builder.Build());
        service._app.Urls.Add("http://127.0.0.1:0");
        service._app.Run(context => service.HandleAsync(context, answer));
        await service._app.StartAsync(TestContext.Current.CancellationToken);
        return service;
    }

    public static Task<StubService> StartAsync(params StubAnswer[] answers)
    {
        var next = 0;
        return StartAsync(_ => answers[Math.Min(Interlocked.Increment(ref next), answers.Length) - 1]);
    }

    public EcrClient CreateEcrClient(RegistryKind kind = RegistryKind.Private) =>
        new(
            new SessionAWSCredentials("AKIDEXAMPLE", "secret", "session-token"),
            new EcrClientConfig(kind) { ServiceURL = Url.ToString(), AuthenticationRegion = "eu-west-1" }
        );

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context, Func<ReceivedRequest, StubAnswer> answer)
    {
        using var reader = new StreamReader(context.Request.Body);
        var request = new ReceivedRequest(
            context.Request.Method,
            context.Request.Path,
            context.Request.Headers.ToDictionary(
                header => header.Key,
                header => header.Value.ToString(),
                StringComparer.OrdinalIgnoreCase
            ),
            await reader.ReadToEndAsync()
        )
        {
            Query = context.Request.QueryString.Value ?? "",
        };
        _requests.Enqueue(request);
        var told = answer(request);
        context.Response.StatusCode = told.Status;
        context.Response.ContentType = told.ContentType;
        context.Response.Headers["x-amzn-RequestId"] = "request-1";
        if (told.Header is var (name, value))
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.Body.WriteAsync(told.Bytes ?? Encoding.UTF8.GetBytes(told.Body));
    }
}
