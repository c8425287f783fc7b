using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Signing;
using Microsoft.AspNetCore.Http;

namespace EcrBuildTasks.Emulator.Tests.Clients;

/// <summary>Calls the ECR API in process, for tests of what it decides. That the signatures are AWS's is for the AWS CLI to prove.</summary>
internal sealed class EcrCaller(EcrEmulator emulator, AccessKey key) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = emulator.Endpoint };

    /// <summary>Spoils a request after it was signed.</summary>
    public Action<HttpRequestMessage>? Tamper { get; init; }

    /// <summary>The time that the signature claims.</summary>
    public DateTimeOffset? SignedAt { get; init; }

    public string Service { get; init; } = "ecr";

    /// <summary>The name by which it calls the emulator, as through a proxy.</summary>
    public string? Host { get; init; }

    private bool IsPublic => Service == "ecr-public";

    public async Task<(HttpStatusCode Status, JsonElement Answer)> CallAsync(string operation, JsonObject? body = null)
    {
        var content = Encoding.UTF8.GetBytes((body ?? []).ToJsonString());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new ByteArrayContent(content) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.1");
        request.Headers.Add(
            "X-Amz-Target",
            $"{(IsPublic ? "SpencerFrontendService" : "AmazonEC2ContainerRegistry_V20150921")}.{operation}"
        );
        Sign(request, content);
        Tamper?.Invoke(request);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, JsonDocument.Parse(text).RootElement);
    }

    public async Task<JsonElement> AnswerAsync(string operation, JsonObject? body = null)
    {
        var (status, answer) = await CallAsync(operation, body);
        status.ShouldBe(HttpStatusCode.OK, answer.ToString());
        return answer;
    }

    /// <summary>Calls what must be refused.</summary>
    /// <returns>The error's type and its message, with a colon between.</returns>
    public async Task<string> RefusalAsync(string operation, JsonObject? body = null)
    {
        var (status, answer) = await CallAsync(operation, body);
        status.ShouldBe(HttpStatusCode.BadRequest, answer.ToString());
        return $"{answer.GetProperty("__type").GetString()}: {answer.GetProperty("message").GetString()}";
    }

    /// <summary>A client of the registry protocol with a token of this caller for the account's registry.</summary>
    public async Task<HttpClient> RegistryAsync(string account = Scenario.OwnerAccount)
    {
        var answer = await AnswerAsync(
            "GetAuthorizationToken",
            new JsonObject { ["registryIds"] = new JsonArray(account) }
        );
        var token = answer.GetProperty("authorizationData")[0].GetProperty("authorizationToken").GetString();
        var client = new HttpClient { BaseAddress = new Uri(emulator.Endpoint, "/v2/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", token);
        return client;
    }

    public void Dispose() => http.Dispose();

    private void Sign(HttpRequestMessage request, byte[] body)
    {
        var time = SignedAt ?? DateTimeOffset.UtcNow;
        var timestamp = time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        request.Headers.Host = Host ?? emulator.Endpoint.Authority;
        request.Headers.Add("X-Amz-Date", timestamp);
        if (key.SessionToken is not null)
        {
            request.Headers.Add("X-Amz-Security-Token", key.SessionToken);
        }

        var headers = new HeaderDictionary();
        foreach (var header in request.Headers)
        {
            headers[header.Key] = header.Value.ToArray();
        }

        string[] names = [.. headers.Keys.Select(name => name.ToLowerInvariant()).Order(StringComparer.Ordinal)];
        var scope = new CredentialScope(timestamp[..8], IsPublic ? "us-east-1" : Scenario.Region, Service);
        var canonical = CanonicalRequest.Compute(new SignedRequest("POST", "/", "", headers, body), names);
        var signature = CanonicalRequest.Signature(key.Secret, scope, timestamp, canonical);
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"AWS4-HMAC-SHA256 Credential={key.Id}/{scope}, SignedHeaders={string.Join(';', names)}, Signature={signature}"
        );
    }
}
