using EcrBuildTasks.Aws;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Core.Tests.Aws;

/// <summary>An emulated AWS with every service that gives identities, and a machine that is not yet told of any.</summary>
internal sealed class IdentityScene : IAsyncDisposable
{
    public const string Account = "111122223333";
    public const string OtherAccount = "444455556666";
    public const string GitHub = "token.actions.githubusercontent.com";
    public const string Eks = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE";
    public const string PermissionSetRole = "AWSReservedSSO_Dev_0123456789abcdef";
    public const string PodToken = "pod-token";
    public const string Ci = $"arn:aws:iam::{Account}:role/ci";
    public const string Deploy = $"arn:aws:iam::{OtherAccount}:role/delivery/deploy";

    private static readonly OidcSigner Signer = new();

    private readonly AwsEnvironment _environment;

    private IdentityScene(EcrEmulator emulator, AwsEnvironment environment)
    {
        Emulator = emulator;
        _environment = environment;
    }

    public EcrEmulator Emulator { get; }

    /// <param name="config">The config file; <c>URL</c> in it stands for the emulator's address.</param>
    /// <param name="variables">Variables of the environment; the same.</param>
    public static async Task<IdentityScene> OpenAsync(
        string config = "",
        params (string Name, string Value)[] variables
    )
    {
        var emulator = await EcrEmulator.StartAsync(Options(), TestContext.Current.CancellationToken);
        var url = emulator.Endpoint.ToString().TrimEnd('/');
        string Told(string text) => text.Replace("URL", url, StringComparison.Ordinal);
        var environment = new AwsEnvironment(
            Told(config),
            [("AWS_REGION", "eu-west-1"), .. variables.Select(variable => (variable.Name, Told(variable.Value)))]
        );
        environment.Set("AWS_ENDPOINT_URL", url);
        return new(emulator, environment);
    }

    public static EmulatorOptions Options() =>
        new()
        {
            Accounts =
            [
                new(Account)
                {
                    Users =
                    [
                        new("ada")
                        {
                            AccessKeys = [new("AKIAADA", "secret-of-ada")],
                            IdentityPolicies = [new("assume", Allowing("sts:AssumeRole"))],
                        },
                    ],
                    Roles =
                    [
                        new("ci")
                        {
                            IdentityPolicies = [new("assume", Allowing("sts:AssumeRole"))],
                            TrustPolicy = Trusting(
                                $$"""{"AWS":"arn:aws:iam::{{Account}}:user/ada"}""",
                                "sts:AssumeRole"
                            ),
                        },
                        new("github")
                        {
                            IdentityPolicies = [new("assume", Allowing("sts:AssumeRole"))],
                            TrustPolicy = Trusting(
                                $$"""{"Federated":"arn:aws:iam::{{Account}}:oidc-provider/{{GitHub}}"}""",
                                "sts:AssumeRoleWithWebIdentity",
                                $$"""{"StringEquals":{"{{GitHub}}:aud":"sts.amazonaws.com"},"StringLike":{"{{GitHub}}:sub":"repo:corp/api:*"} }"""
                            ),
                        },
                        new("pod")
                        {
                            IdentityPolicies = [new("assume", Allowing("sts:AssumeRole"))],
                            TrustPolicy = Trusting(
                                $$"""{"Federated":"arn:aws:iam::{{Account}}:oidc-provider/{{Eks}}"}""",
                                "sts:AssumeRoleWithWebIdentity",
                                $$"""{"StringEquals":{"{{Eks}}:sub":"system:serviceaccount:ci:builder"} }"""
                            ),
                        },
                        new(PermissionSetRole)
                        {
                            Path = "/aws-reserved/sso.amazonaws.com/eu-west-1/",
                            IdentityPolicies = [new("assume", Allowing("sts:AssumeRole"))],
                        },
                    ],
                    OidcProviders =
                    [
                        new(GitHub) { PublicKey = Signer.PublicKey },
                        new(Eks) { PublicKey = Signer.PublicKey },
                    ],
                },
                new(OtherAccount)
                {
                    Roles =
                    [
                        new("deploy")
                        {
                            Path = "/delivery/",
                            TrustPolicy = Trusting(
                                $$"""{"AWS":"{{Account}}"}""",
                                "sts:AssumeRole",
                                """{"StringEquals":{"sts:ExternalId":"ext/1"} }"""
                            ),
                        },
                    ],
                },
            ],
            IdentityCenter = new()
            {
                Logins =
                [
                    new("ada@example.org", "portal-token")
                    {
                        RefreshToken = "refresh-token",
                        Assignments = [new(Account, "Dev")],
                    },
                ],
            },
            Containers = [new("/containers/task", Ci), new("/containers/pod", Ci) { AuthorizationToken = PodToken }],
            Instance = new("eu-north-1") { RoleArn = Ci },
        };

    /// <summary>A token as a provider gives it.</summary>
    public static string Token(
        string issuer,
        string subject,
        string audience = "sts.amazonaws.com",
        int minutes = 5,
        OidcSigner? signer = null
    ) => (signer ?? Signer).Token(issuer, subject, audience, minutes);

    /// <summary>What <c>aws sso login</c> leaves behind, and what it is kept under.</summary>
    public string Login(string key, string accessToken = "portal-token", string expiresAt = "2099-01-01T00:00:00Z") =>
        _environment.SsoToken(
            key,
            $$"""
            {"startUrl":"https://corp.awsapps.com/start","region":"eu-west-1","accessToken":"{{accessToken}}","expiresAt":"{{expiresAt}}",
            "refreshToken":"refresh-token","clientId":"c","clientSecret":"s","registrationExpiresAt":"2099-01-01T00:00:00Z"}
            """
        );

    public string File(string name, string content) => _environment.File(name, content);

    /// <summary>Leaves a shell script on the PATH in place of the AWS CLI, or nothing.</summary>
    public void WithAwsCli(string? script)
    {
        var path = File(script is null ? "unused" : "aws", $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        Set("PATH", Path.GetDirectoryName(path));
    }

    public void Set(string name, string? value) => _environment.Set(name, value);

    public AwsSession Open(AwsSettings? settings = null) => _environment.Open(settings ?? new());

    /// <summary>Where the credentials come from, and whose they are, as AWS says.</summary>
    public async Task<(string Source, string Arn)> WhoAsync(AwsSettings? settings = null)
    {
        var session = Open(settings);
        var caller = await session.GetCallerIdentityAsync(TestContext.Current.CancellationToken);
        return (session.CredentialsSource, caller.Arn);
    }

    /// <summary>Why AWS cannot be asked.</summary>
    public Task<AwsSessionException> FailureAsync(AwsSettings? settings = null) =>
        Should.ThrowAsync<AwsSessionException>(() => WhoAsync(settings));

    public async ValueTask DisposeAsync()
    {
        await Emulator.DisposeAsync();
        _environment.Dispose();
    }

    private static string Allowing(string action) =>
        $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"{{action}}","Resource":"*"}]}""";

    private static string Trusting(string principal, string action, string condition = "{}") =>
        $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{{principal}},"Action":"{{action}}","Condition":{{condition}} }]}""";
}
