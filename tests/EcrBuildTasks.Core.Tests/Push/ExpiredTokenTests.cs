using System.Net;
using System.Text;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Push;
using EcrBuildTasks.RealParts;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Core.Tests.Push;

public sealed class ExpiredTokenTests(RealEngine real)
{
    [Fact]
    public async Task A_token_that_the_registry_calls_expired_is_renewed_once_and_the_push_goes_on()
    {
        var registry = await real.RegistryAsync();
        using var front = new ExpiringFront(registry, validPassword: "fresh");
        using var pusher = await real.OpenAsync();
        using var archive = TestArchive.Create();
        var repository = Pushes.NewRepository();
        var passwords = new Queue<string>(["expired", "fresh"]);

        var pushed = await pusher.PushAsync(
            Push(front, repository, archive, passwords),
            new Recorder(),
            TestContext.Current.CancellationToken
        );

        passwords.ShouldBeEmpty();
        (await registry.DigestOfAsync(repository, "1.0")).ShouldBe(pushed.Digest);
        (await registry.DigestOfAsync(repository, "2.0")).ShouldBe(pushed.Digest);
    }

    [Fact]
    public async Task A_renewed_token_that_is_expired_too_fails_the_push()
    {
        var registry = await real.RegistryAsync();
        using var front = new ExpiringFront(registry, validPassword: "fresh");
        using var pusher = await real.OpenAsync();
        using var archive = TestArchive.Create();
        var passwords = new Queue<string>(["expired", "expired again"]);

        var failure = await Should.ThrowAsync<PushException>(() =>
            pusher.PushAsync(
                Push(front, Pushes.NewRepository(), archive, passwords),
                new Recorder(),
                TestContext.Current.CancellationToken
            )
        );

        passwords.ShouldBeEmpty();
        failure.Code.ShouldBe(EcrCode.TokenUnavailable);
        failure.ToString().ShouldNotContain("expired again");
    }

    private static ImagePush Push(
        ExpiringFront front,
        string repository,
        TestArchive archive,
        Queue<string> passwords
    ) =>
        new()
        {
            Source = archive.Source(),
            RegistryHost = front.Host,
            Repository = repository,
            Tags = ["1.0", "2.0"],
            GetCredentials = _ => Task.FromResult(new RegistryCredentials(front.Host, "AWS", passwords.Dequeue())),
        };

    /// <summary>Refuses every password but one in ECR's words, which no registry but ECR says, before a real registry.</summary>
    private sealed class ExpiringFront : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly HttpClient _client;
        private readonly string _valid;

        public ExpiringFront(DockerRegistry registry, string validPassword)
        {
            _client = new HttpClient { BaseAddress = new Uri($"http://{registry.Host}") };
            _valid = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("AWS:" + validPassword));
            var port = 0;
            for (var attempt = 0; !_listener.IsListening && attempt < 20; attempt++)
            {
                port = Random.Shared.Next(20_000, 30_000);
                _listener.Prefixes.Clear();
                _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
                try
                {
                    _listener.Start();
                }
                catch (HttpListenerException) when (attempt < 19)
                {
                    // The port is taken.
                }
            }

            Host = $"127.0.0.1:{port}";
            _ = ServeAsync();
        }

        public string Host { get; }

        public void Dispose()
        {
            _listener.Close();
            _client.Dispose();
        }

        private async Task ServeAsync()
        {
            while (_listener.IsListening)
            {
                try
                {
                    var context = await _listener.GetContextAsync();
                    _ = AnswerAsync(context);
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
            }
        }

        private async Task AnswerAsync(HttpListenerContext context)
        {
            var (request, response) = (context.Request, context.Response);
            var authorization = request.Headers["Authorization"];
            if (authorization is null)
            {
                response.StatusCode = 401;
                response.AddHeader("WWW-Authenticate", "Basic realm=\"ecr\"");
            }
            else if (authorization != _valid)
            {
                response.StatusCode = 403;
                response.ContentType = "application/json";
                var body =
                    """{"errors":[{"code":"DENIED","message":"Your authorization token has expired. Reauthenticate and try again."}]}"""u8;
                response.OutputStream.Write(body);
            }
            else
            {
                await ForwardAsync(request, response);
            }

            response.Close();
        }

        private async Task ForwardAsync(HttpListenerRequest request, HttpListenerResponse response)
        {
            using var forwarded = new HttpRequestMessage(new HttpMethod(request.HttpMethod), request.RawUrl);
            forwarded.Headers.Host = Host;
            if (request.HasEntityBody)
            {
                forwarded.Content = new StreamContent(request.InputStream);
                forwarded.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType);
            }

            using var answer = await _client.SendAsync(forwarded);
            response.StatusCode = (int)answer.StatusCode;
            foreach (var (name, values) in answer.Headers.Where(header => header.Key != "Transfer-Encoding"))
            {
                response.AddHeader(name, string.Join(", ", values));
            }

            response.ContentType = answer.Content.Headers.ContentType?.ToString();
            if (request.HttpMethod == "HEAD")
            {
                response.ContentLength64 = answer.Content.Headers.ContentLength ?? 0;
            }
            else
            {
                await answer.Content.CopyToAsync(response.OutputStream);
            }
        }
    }
}
