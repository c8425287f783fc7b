using System.Net;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Push.Registry;

namespace EcrBuildTasks.Core.Tests.Push.Registry;

/// <summary>Where a registry can send its client, by a redirect or by the Location of an upload.</summary>
public sealed class RequestAddressTests
{
    private const string Remote = "https://444455556666.dkr.ecr.eu-west-1.amazonaws.com";
    private const string Local = "http://127.0.0.1:5000";

    private static readonly string[] Steps =
    [
        "redirect of HEAD",
        "redirect of PATCH",
        "redirect of PUT",
        "opened",
        "sent",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Those that only a registry on this machine can name.</summary>
    private static IEnumerable<string> OnThisMachine =>
        ["http://127.0.0.1:5001/x", "http://localhost/x", "http://[::1]:5001/x", "http://127.0.0.2/x"];

    /// <summary>Those that no registry can name.</summary>
    private static IEnumerable<string> Nowhere =>
        [
            "http://other.example/x",
            "http://444455556666.dkr.ecr.eu-west-1.amazonaws.com.evil.example/x",
            "http://169.254.169.254/latest/meta-data/",
            "https://169.254.170.2/x",
            "https://[fe80::1]/x",
            "https://[::ffff:169.254.169.254]/x",
            "https://2852039166/x",
            "ftp://other.example/x",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:text/plain,x",
            "gopher://127.0.0.1/x",
            "mailto:x@other.example",
            "ws://127.0.0.1/x",
            "urn:x:y",
        ];

    private static IEnumerable<string> OfThisMachineByTls =>
        [
            "https://127.0.0.1/x",
            "https://2130706433/x",
            "https://0x7f.1/x",
            "https://0177.0.0.1/x",
            "https://127.1/x",
            "https://[::1]/x",
            "https://[::ffff:127.0.0.1]/x",
            "https://[0:0:0:0:0:0:0:0]/x",
            "https://0.0.0.0/x",
            "https://localhost/x",
            "https://LOCALHOST./x",
            "https://registry.localhost:5000/x",
            "https://127.0.0.1./x",
            "https://[::127.0.0.1]/x",
        ];

    public static IEnumerable<TheoryDataRow<string, string, string>> Forbidden =>
        from step in Steps
        from registry in new[] { Remote, Local }
        from address in registry == Remote ? [.. Nowhere, .. OnThisMachine, .. OfThisMachineByTls] : Nowhere
        select new TheoryDataRow<string, string, string>(registry, step, address);

    public static IEnumerable<TheoryDataRow<string, string, string>> Allowed =>
        from step in Steps
        from registry in new[] { Remote, Local }
        from address in (string[])
            [
                "/x",
                $"{registry}/x",
                "https://storage.example/x",
                // The first is that of a registry behind a proxy that ends TLS.
                .. registry == Remote
                    ? (IEnumerable<string>)[Remote.Replace("https:", "http:") + "/x", $"{Remote}:8443/x"]
                    : OnThisMachine,
            ]
        select new TheoryDataRow<string, string, string>(registry, step, address);

    [Theory]
    [MemberData(nameof(Forbidden))]
    public async Task An_address_that_the_registry_must_not_name_is_not_requested(
        string registry,
        string step,
        string address
    )
    {
        var answers = new Answers(step, address);

        var failure = await Should.ThrowAsync<PushException>(() => PushAsync(registry, answers));

        failure.Code.ShouldBe(EcrCode.AnsweredByOther, failure.Message);
        failure.Message.ShouldContain(new Uri(registry).Authority);
        answers.Requests.ShouldAllBe(request => request.Authority == new Uri(registry).Authority);
        answers.Requests.ShouldNotContain(request => request.AbsolutePath == "/x");
    }

    [Theory]
    [MemberData(nameof(Allowed))]
    public async Task Another_machine_is_reached_by_TLS_and_this_one_from_this_one(
        string registry,
        string step,
        string address
    )
    {
        var answers = new Answers(step, address);

        await PushAsync(registry, answers);

        var reached = answers.Requests.Where(request => request.AbsolutePath == "/x").ShouldHaveSingleItem();
        reached.Scheme.ShouldBe(registry == Remote ? Uri.UriSchemeHttps : new Uri(new Uri(registry), address).Scheme);
    }

    [Theory]
    [InlineData("http://[bad/x")]
    [InlineData("//[bad")]
    [InlineData("http://:-1/")]
    public async Task A_Location_that_is_no_URL_is_no_answer_of_a_registry(string location)
    {
        var answers = new Answers("opened", location);

        var failure = await Should.ThrowAsync<PushException>(() => PushAsync(Remote, answers));

        failure.Code.ShouldBe(EcrCode.AnsweredByOther, failure.Message);
    }

    private static async Task PushAsync(string registry, Answers answers)
    {
        var address = new Uri(registry);
        var timing = new PushTiming();
        using var invoker = new HttpMessageInvoker(answers);
        using var credentials = new CurrentCredentials(
            _ => Task.FromResult<RegistryCredentials?>(new RegistryCredentials(address.Authority, "AWS", "secret")),
            TimeProvider.System
        );
        var http = new RegistryHttp(invoker, address, credentials, timing, TimeProvider.System);
        var repository = new RemoteRepository(http, "hello-api", new Retries(timing), timing);
        var blob = new MemoryBlob("content"u8.ToArray()).AsBlob();

        await repository.HasBlobAsync(blob, Cancellation);
        var upload = await repository.OpenUploadAsync(Cancellation);
        upload = await repository.SendBlobAsync(upload, blob, offset: 0, _ => { }, Cancellation);
        (await repository.CompleteUploadAsync(upload, blob, _ => { }, Cancellation)).IsSuccess.ShouldBeTrue();
    }

    /// <summary>A registry that names an address at one step, and does all else as it should.</summary>
    private sealed class Answers(string step, string location) : HttpMessageHandler
    {
        public List<Uri> Requests { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            var wasNamed = Requests.Any(address => address.AbsolutePath == "/x");
            Requests.Add(request.RequestUri!);
            var isThere = request.RequestUri!.AbsolutePath == "/x";
            var named =
                step == $"redirect of {request.Method}" && !isThere && !wasNamed
                    ? (HttpStatusCode.TemporaryRedirect, location)
                : request.Method == HttpMethod.Head ? (HttpStatusCode.NotFound, null)
                : request.Method == HttpMethod.Post
                    ? (HttpStatusCode.Accepted, step == "opened" ? location : "/v2/upload")
                : request.Method == HttpMethod.Patch
                    ? (HttpStatusCode.Accepted, step == "sent" ? location : "/v2/upload")
                : (HttpStatusCode.Created, "/v2/blob");
            var response = new HttpResponseMessage(named.Item1) { Content = new ByteArrayContent([]) };
            if (named.Item2 is not null)
            {
                response.Headers.TryAddWithoutValidation("Location", named.Item2);
            }

            return Task.FromResult(response);
        }
    }
}
