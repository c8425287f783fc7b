using System.Collections.Concurrent;
using System.Security.Cryptography;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace EcrBuildTasks.EndToEnd.Setting;

/// <summary>IAM Identity Center, as far as a program asks it after `aws sso login`: renews the login and gives a role's keys.</summary>
internal sealed class SignOnPortal : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _paths = new();

    private SignOnPortal(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.Single());

    /// <summary>What was asked for, in its order.</summary>
    public IReadOnlyList<string> Paths => [.. _paths];

    public static async Task<SignOnPortal> StartAsync(AccessKey key)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        var portal = new SignOnPortal(builder.Build());
        portal._app.Urls.Add("http://127.0.0.1:0");
        portal._app.Run(context =>
        {
            portal._paths.Enqueue(context.Request.Path);
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(
                context.Request.Path == "/token"
                    ? """{"accessToken":"new","expiresIn":3600,"tokenType":"Bearer","refreshToken":"r2"}"""
                    : $$$"""{"roleCredentials":{"accessKeyId":"{{{key.Id}}}","secretAccessKey":"{{{key.Secret}}}","sessionToken":"{{{key.SessionToken}}}","expiration":4070908800000}}"""
            );
        });
        await portal._app.StartAsync(TestContext.Current.CancellationToken);
        return portal;
    }

    /// <summary>Writes a profile, and a login that has to be renewed.</summary>
    public static async Task WriteProfileAsync(string home, string profile)
    {
        var cache = Directory.CreateDirectory(Path.Combine(home, ".aws", "sso", "cache")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(home, ".aws", "config"),
            $"""
            [sso-session corp]
            sso_start_url = https://corp.awsapps.com/start
            sso_region = eu-west-1
            sso_registration_scopes = sso:account:access
            [profile {profile}]
            sso_session = corp
            sso_account_id = {Scenario.CiAccount}
            sso_role_name = ci
            region = eu-west-1
            """
        );
#pragma warning disable CA5350 // The file's name in AWS's cache is a SHA-1.
        var name = Convert.ToHexStringLower(SHA1.HashData("corp"u8));
#pragma warning restore CA5350
        await File.WriteAllTextAsync(
            Path.Combine(cache, name + ".json"),
            """
            {"startUrl":"https://corp.awsapps.com/start","region":"eu-west-1","accessToken":"tok","expiresAt":"2020-01-01T00:00:00Z","refreshToken":"r","clientId":"c","clientSecret":"s","registrationExpiresAt":"2099-01-01T00:00:00Z"}
            """
        );
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
