using System.Net;
using Amazon.SecurityToken;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Core.Tests.Push;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Push;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Core.Tests.Aws;

/// <summary>
/// Preflight, token and push behind a proxy that opens TLS and writes down whom it was asked for: which hosts the settings lead to.
/// </summary>
[Collection(ProxyOfTheProcessCollection.Name)]
public sealed class EndpointChoiceTests
{
    private const string Account = "111122223333";
    private const string Region = "us-east-1";
    private const string Api = $"api.ecr.{Region}.amazonaws.com";
    private const string FipsApi = $"api.ecr-fips.{Region}.amazonaws.com";
    private const string DualStackApi = $"ecr.{Region}.api.aws";
    private const string Sts = $"sts.{Region}.amazonaws.com";
    private const string FipsSts = $"sts-fips.{Region}.amazonaws.com";
    private const string DualStackSts = $"sts.{Region}.api.aws";
    private const string Regular = $"{Account}.dkr.ecr.{Region}.amazonaws.com";
    private const string Fips = $"{Account}.dkr.ecr-fips.{Region}.amazonaws.com";
    private const string DualStack = $"{Account}.dkr-ecr.{Region}.on.aws";
    private const string ToCome = $"{Account}.dkr.ecr.{Region}.cloud.example";
    private const string Gateway = "ecr.gateway.example";
    private const string StsGateway = "sts.gateway.example";

    private const string UseFips = "AWS_USE_FIPS_ENDPOINT";
    private const string UseDualStack = "AWS_USE_DUALSTACK_ENDPOINT";
    private const string Url = "AWS_ENDPOINT_URL";
    private const string EcrUrl = "AWS_ENDPOINT_URL_ECR";

    private const string ProfileEndpoint = $"endpoint_url = https://{Gateway}";

    private const string ServicesOfProfile = $"""
        services = ours
        [services ours]
        ecr =
          endpoint_url = https://{Gateway}
        sts =
          endpoint_url = https://{StsGateway}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What is set, in variables and in the profile, the registry that is named, and the hosts of API, STS and push.</summary>
    public static IEnumerable<TheoryDataRow<string, string, string?, string, string, string>> Rows() =>
        [
            new("", "", null, Api, Sts, Regular),
            new("", "", Regular, Api, Sts, Regular),
            // The host chooses the API.
            new("", "", Fips, FipsApi, Sts, Fips),
            new("", "", DualStack, DualStackApi, Sts, DualStack),
            // Settings choose the API, and the host where none is named.
            new($"{UseFips}=true", "", null, FipsApi, FipsSts, Fips),
            new($"{UseFips}=true", "", Regular, FipsApi, FipsSts, Regular),
            new($"{UseFips}=false", "", Fips, Api, Sts, Fips),
            new($"{UseDualStack}=true", "", null, DualStackApi, DualStackSts, DualStack),
            new($"{UseDualStack}=false", "", DualStack, Api, Sts, DualStack),
            new(
                $"{UseFips}=true {UseDualStack}=true",
                "",
                null,
                $"ecr-fips.{Region}.api.aws",
                $"sts-fips.{Region}.api.aws",
                $"{Account}.dkr-ecr-fips.{Region}.on.aws"
            ),
            new("", "use_fips_endpoint = true", null, FipsApi, FipsSts, Fips),
            new("", "use_dualstack_endpoint = true", null, DualStackApi, DualStackSts, DualStack),
            new($"{UseFips}=false", "use_fips_endpoint = true", null, Api, Sts, Regular),
            // An endpoint of one's own.
            new($"{EcrUrl}=https://{Gateway}", "", null, Gateway, Sts, Regular),
            new($"{EcrUrl}=https://{Gateway}", "", Fips, Gateway, Sts, Fips),
            new($"{EcrUrl}=https://{Gateway} {Url}=https://{StsGateway}", "", null, Gateway, StsGateway, Regular),
            new($"{Url}_STS=https://{StsGateway}", "", null, Api, StsGateway, Regular),
            new("", ProfileEndpoint, null, Gateway, Gateway, Regular),
            new("", ServicesOfProfile, null, Gateway, StsGateway, Regular),
            new("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true", ProfileEndpoint, null, Api, Sts, Regular),
            new($"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true {EcrUrl}=https://{Gateway}", "", Fips, FipsApi, Sts, Fips),
        ];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Preflight_token_and_push_go_to_the_hosts_that_settings_and_registry_choose(
        string variables,
        string profile,
        string? registry,
        string api,
        string sts,
        string host
    )
    {
        await using var emulator = await StartAsync();
        await using var proxy = new TlsFront(emulator.Endpoint, [.. new[] { api, sts, host }.Distinct()]);
        using var environment = Environment(variables, profile);
        environment.Set("AWS_CA_BUNDLE", proxy.BundlePath);
        using var archive = TestArchive.Create();
        var request = Request(registry) with { Source = archive.Source() };

        using (new ProxyOfTheProcess(proxy))
        {
            (await PreflightAsync(request, environment)).Diagnostics.ShouldBeEmpty();
            proxy.Connected.Distinct().ShouldBe(new[] { api, sts }.Distinct(), ignoreOrder: true);

            var outcome = await new PushPipeline(new AwsIdentities(environment.Variables)).PushAsync(
                [request],
                _ => new Recorder(),
                Cancellation
            );

            outcome.ShouldHaveSingleItem().Diagnostics.ShouldBeEmpty();
            outcome[0].Result!.UriOf("1.0").ShouldBe($"{host}/hello-api:1.0");
        }

        proxy.Connected.Distinct().ShouldBe(new[] { api, sts, host }.Distinct(), ignoreOrder: true);
        emulator.Calls.ShouldContain(call => call.Service == "registry" && call.Action == "PutImage");
    }

    [Theory]
    [InlineData($"{UseFips}=true {Url}=https://{Gateway}", "", "AWS_ENDPOINT_URL ", "AWS_USE_FIPS_ENDPOINT")]
    [InlineData($"{UseDualStack}=true", ProfileEndpoint, "endpoint_url ", "AWS_USE_DUALSTACK_ENDPOINT")]
    public async Task An_endpoint_and_FIPS_or_dual_stack_at_once_are_refused_as_by_every_AWS_SDK(
        string variables,
        string profile,
        string endpoint,
        string other
    )
    {
        using var environment = Environment(variables, profile);

        var error = (await PreflightAsync(Request(null), environment)).Diagnostics.ShouldHaveSingleItem();

        error.Code.ShouldBe(EcrCode.EndpointSettingsContradict);
        error.Message.ShouldStartWith(endpoint);
        error.Message.ShouldContain("https://ecr.gateway.example/");
        error.Message.ShouldContain(other);
    }

    private static readonly string[] OfOtherMachines =
    [
        "http://ecr.gateway.example:8080",
        "http://169.254.1.1",
        "http://10.0.0.1/ecr",
        "http://127.0.0.1.example",
        "http://user@ecr.gateway.example",
        "HTTP://ECR.GATEWAY.EXAMPLE",
    ];

    private static readonly string[] Usual =
    [
        "http://127.0.0.1:5000",
        "http://localhost:5000",
        "http://[::1]",
        "https://a.example",
    ];

    private static readonly string[] OfOtherSchemes =
    [
        "ftp://127.0.0.1",
        "file:///etc",
        "javascript:x",
        "localhost:5000",
        "ws://a.example",
    ];

    private static readonly string[] Origins = [Url, EcrUrl, $"{Url}_STS", "profile", "services"];
    private static readonly string?[] Permissions = [null, "", "false", "1", "true", "True"];

    public static IEnumerable<TheoryDataRow<string, string, string?, bool>> PlainEndpoints =>
        from url in (string[])[.. OfOtherMachines, .. Usual, .. OfOtherSchemes]
        from origin in Origins
        from permission in Permissions
        let isAllowed = "true".Equals(permission, StringComparison.OrdinalIgnoreCase)
        select new TheoryDataRow<string, string, string?, bool>(
            url,
            origin,
            permission,
            Usual.Contains(url) || (isAllowed && OfOtherMachines.Contains(url))
        );

    [Theory]
    [MemberData(nameof(PlainEndpoints))]
    public void An_endpoint_URL_of_plain_HTTP_leads_to_another_machine_only_where_that_is_allowed(
        string url,
        string by,
        string? allowed,
        bool isUsed
    )
    {
        using var environment = Environment(
            by.StartsWith(Url) ? $"{by}={url}" : "",
            by switch
            {
                "profile" => $"endpoint_url = {url}\n",
                "services" => $"services = ours\n[services ours]\necr =\n  endpoint_url = {url}\n",
                _ => "",
            }
        );
        environment.Set("ECR_ALLOW_HTTP_ENDPOINT", allowed);
        var clients = new AwsClients(
            environment.Variables,
            new AwsProfiles(environment.Variables).Find("default"),
            Region
        );

        Uri Endpoint() =>
            new(
                by == $"{Url}_STS"
                    ? clients.Configure(new AmazonSecurityTokenServiceConfig(), region: null).ServiceURL
                    : clients.EcrConfig(registry: null).ServiceURL
            );

        if (isUsed)
        {
            Endpoint().Authority.ShouldBe(new Uri(url).Authority);
        }
        else
        {
            var failure = Should.Throw<AwsSessionException>(Endpoint);
            FailureDiagnosis.Find(failure)!.Code.ShouldBe(EcrCode.EndpointUnreachable);
            failure.Message.ShouldContain(by.StartsWith(Url) ? $"{by} " : "endpoint_url of the profile default ");
        }
    }

    [Fact]
    public async Task A_partition_of_the_future_is_refused_where_no_endpoint_is_named()
    {
        using var environment = Environment("", "");

        var error = (await PreflightAsync(Request(ToCome), environment)).Diagnostics.ShouldHaveSingleItem();

        error.Code.ShouldBe(EcrCode.RegistryInvalid);
        error.Message.ShouldStartWith($"The registry '{ToCome}' ");
        error.Message.ShouldContain($" {Regular},");
        error.Message.ShouldContain("AWS_ENDPOINT_URL_ECR");
    }

    /// <summary>Registries outside of AWS's domains, or not spelled as a registry, while ECR names <see cref="Regular"/>.</summary>
    public static TheoryData<string> OtherHosts =>
        [
            $"{Account}.dkr.ecr.{Region}.amazonaws.co",
            $"{Account}.dkr.ecr.{Region}.amazonaws.com.evil.example",
            $"{Account}.dkr.ecr.{Region}.amazonaws.co:8443",
            $"{Account}.dkr.ecr.{Region}.amazonaws.co:443",
            $"444455556666.dkr.ecr.{Region}.amazonaws.co",
            $"{Account}.dkr.ecr.eu-west-1.amazonaws.co",
            $"{Account}.dkr.ecr-fips.{Region}.amazonaws.co",
            $"{Account}.dkr-ecr.{Region}.on.aws.example",
            $"{Regular}.evil.example",
            $"{Regular}:8443",
            $"{Regular}.",
            $"user@{Account}.dkr.ecr.{Region}.amazonaws.co",
            $"{Regular}@{Account}.dkr.ecr.{Region}.amazonaws.co",
        ];

    [Theory]
    [MemberData(nameof(OtherHosts))]
    public async Task A_host_that_is_neither_of_AWS_nor_named_by_ECR_gets_no_password(string host)
    {
        await using var emulator = await StartAsync();
        await using var proxy = new TlsFront(emulator.Endpoint, [Gateway, Sts]);
        await using var engine = await StubService.StartAsync(new StubAnswer(200, "{}", "application/json"));
        using var environment = Environment($"{EcrUrl}=https://{Gateway}", "");
        environment.Set("AWS_CA_BUNDLE", proxy.BundlePath);
        using var archive = TestArchive.Create();
        var direct = Request(host) with { Source = archive.Source() };
        var byEngine = direct with { Mode = PushMode.Engine, DockerHost = $"tcp://{engine.Url.Authority}" };
        List<EcrDiagnostic> errors = [];

        using (new ProxyOfTheProcess(proxy))
        {
            errors.AddRange((await PreflightAsync(direct, environment)).Diagnostics);
            foreach (var push in new[] { direct, byEngine })
            {
                var outcomes = await new PushPipeline(new AwsIdentities(environment.Variables)).PushAsync(
                    [push],
                    _ => new Recorder(),
                    Cancellation
                );
                errors.AddRange(outcomes.ShouldHaveSingleItem().Diagnostics);
            }
        }

        errors.Select(error => error.Code).ShouldBe(Enumerable.Repeat(EcrCode.RegistryInvalid, 3));
        if (EcrRegistry.IsLikeEcrHost(host))
        {
            var asked = EcrRegistry.Parse(host);
            var named = EcrRegistry.Create(asked.Account, asked.Region).Host;
            errors.ShouldAllBe(error => error.Message.Contains(asked.Host) && error.Message.Contains(named));
        }

        proxy.Connected.ShouldAllBe(name => name == Gateway || name.StartsWith("sts."));
        engine.Requests.ShouldAllBe(request => !request.Headers.ContainsKey("X-Registry-Auth"));
    }

    [Theory]
    [InlineData(Regular, true)]
    [InlineData(Fips, true)]
    [InlineData(DualStack, true)]
    [InlineData("444455556666.dkr.ecr.eu-west-1.amazonaws.com", true)]
    [InlineData("444455556666.dkr.ecr.cn-north-1.amazonaws.com.cn", true)]
    [InlineData("public.ecr.aws", true)]
    [InlineData(Api, false)]
    [InlineData(ToCome, false)]
    [InlineData($"{Account}.dkr.ecr.{Region}.amazonaws.co", false)]
    [InlineData($"{Account}.dkr.ecr.{Region}.amazonaws.com.cn", false)]
    [InlineData($"{Regular}:8443", false)]
    [InlineData($"{Regular}.", false)]
    [InlineData($"user@{Regular}", false)]
    [InlineData($"{Regular}/v2", false)]
    [InlineData($"{Regular}\n.evil.example", false)]
    [InlineData("127.0.0.1:5000", false)]
    [InlineData("", false)]
    public void Only_a_host_of_AWS_or_the_one_that_ECR_names_gets_credentials(string host, bool isOfAws)
    {
        foreach (var named in new[] { $"https://{Regular}", $"https://{ToCome}", "http://127.0.0.1:5000" })
        {
            EcrAuthorization authorization = new("AWS", "secret", new(named), DateTimeOffset.MaxValue);
            var isNamed = new Uri(named).Authority == host;

            if (isOfAws || isNamed)
            {
                var credentials = authorization.CredentialsAt(host);
                (credentials.Host, credentials.UsePlainHttp).ShouldBe((host, !isOfAws && named.StartsWith("http:")));
            }
            else
            {
                Should.Throw<ReferenceFormatException>(() => authorization.CredentialsAt(host));
            }
        }
    }

    [Theory]
    [InlineData(null, $"https://{Regular}", Regular)]
    [InlineData(null, "http://127.0.0.1:5000", "127.0.0.1:5000")]
    [InlineData(Regular, $"https://{Regular}", Regular)]
    [InlineData(Fips, $"https://{Regular}", Fips)]
    [InlineData(Regular, $"https://{ToCome}", ToCome)]
    [InlineData(Regular, "http://127.0.0.1:5000", "127.0.0.1:5000")]
    [InlineData(ToCome, $"https://{ToCome}", ToCome)]
    [InlineData($"{ToCome}:8443", $"https://{ToCome}:8443", $"{ToCome}:8443")]
    [InlineData(ToCome, "http://127.0.0.1:5000", "127.0.0.1:5000")]
    [InlineData(ToCome, $"https://{Regular}", null)]
    [InlineData(ToCome, $"https://{ToCome}:8443", null)]
    [InlineData($"{ToCome}:8443", $"https://{ToCome}", null)]
    [InlineData($"{Account}.dkr.ecr.{Region}.amazonaws.co", $"https://{ToCome}", null)]
    public void A_registry_is_reached_at_its_own_host_or_where_an_emulator_stands_for_it(
        string? registry,
        string named,
        string? host
    )
    {
        var asked = registry is null ? null : EcrRegistry.Parse(registry);
        EcrAuthorization authorization = new("AWS", "secret", new(named), DateTimeOffset.MaxValue);

        if (host is null)
        {
            Should.Throw<ReferenceFormatException>(() => authorization.CredentialsFor(asked));
        }
        else
        {
            authorization.CredentialsFor(asked).Host.ShouldBe(host);
        }
    }

    [Fact]
    public async Task Credentials_of_another_host_are_not_used()
    {
        ImagePush push = new()
        {
            Source = new ImageSource.EngineImage("a"),
            RegistryHost = Regular,
            Repository = "hello-api",
            Tags = ["1"],
            GetCredentials = _ => Task.FromResult(new RegistryCredentials(ToCome, "AWS", "secret")),
        };

        await Should.ThrowAsync<InvalidOperationException>(() => push.GetCredentials(Cancellation));
    }

    private static Task<EcrEmulator> StartAsync()
    {
        IamPolicy all = new(
            "all",
            """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:*","Resource":"*"}]}"""
        );
        return EcrEmulator.StartAsync(
            new()
            {
                Accounts =
                [
                    new(Account)
                    {
                        Users = [new("ci") { AccessKeys = [new("AKIDENV", "env-secret")], IdentityPolicies = [all] }],
                        Registries = [new(Region) { Repositories = [new("hello-api")] }],
                    },
                ],
            },
            Cancellation
        );
    }

    private static AwsEnvironment Environment(string variables, string profile)
    {
        var environment = new AwsEnvironment(
            $"[default]\nregion = {Region}\n{profile}\n",
            [.. AwsEnvironment.Keys, ("AWS_MAX_ATTEMPTS", "1")]
        );
        foreach (var variable in variables.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = variable.Split('=', 2);
            environment.Set(parts[0], parts[1]);
        }

        return environment;
    }

    private static PushRequest Request(string? registry) =>
        new()
        {
            Registry = registry,
            Repository = "hello-api",
            Tags = ["1.0"],
            Mode = PushMode.Registry,
        };

    private static Task<PreflightOutcome> PreflightAsync(PushRequest request, AwsEnvironment environment) =>
        new PushPipeline(new AwsIdentities(environment.Variables)).PreflightAsync(request, Cancellation);

    /// <summary>What HTTPS_PROXY is to a process that starts with it.</summary>
    private sealed class ProxyOfTheProcess : IDisposable
    {
        private readonly IWebProxy _former = HttpClient.DefaultProxy;

        public ProxyOfTheProcess(TlsFront proxy) =>
            HttpClient.DefaultProxy = new WebProxy($"http://{proxy.Host}", BypassOnLocal: true);

        public void Dispose() => HttpClient.DefaultProxy = _former;
    }
}

/// <summary>The proxy of the process belongs to one test at a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProxyOfTheProcessCollection
{
    public const string Name = "Proxy of the process";
}
