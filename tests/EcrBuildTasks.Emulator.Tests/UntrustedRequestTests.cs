using System.Net;
using System.Text.RegularExpressions;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Configuration;

namespace EcrBuildTasks.Emulator.Tests;

public sealed partial class UntrustedRequestTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("\u001b]0;title\a")]
    [InlineData("##vso[task.prependpath]x")]
    [InlineData("a\u0085b\u2028c\u2029d")]
    [InlineData("\u202ea\u200bb\ufeffc")]
    [InlineData("\u009b2J")]
    public void A_line_of_the_log_holds_nothing_that_a_terminal_or_a_CI_system_obeys(string text)
    {
        var line = new ReceivedCall("ecr", text, text, 200, text, $"/v2/{text}").ToLogLine();

        Obeyed().IsMatch(line).ShouldBeFalse(line);
        line.ShouldStartWith("200 ecr:");
    }

    [Fact]
    public async Task The_target_of_a_request_is_escaped_in_the_log()
    {
        await using var emulator = await Scenario.StartAsync();
        using var client = new HttpClient { BaseAddress = emulator.Endpoint };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/");
        request.Headers.TryAddWithoutValidation(
            "X-Amz-Target",
            "AmazonEC2ContainerRegistry_V20150921.\u001b[2J##vso[task.setvariable]"
        );

        using var response = await client.SendAsync(request, Cancellation);

        var line = emulator.Calls.ShouldHaveSingleItem().ToLogLine();
        line.ShouldContain("\\u001b[2J");
        Obeyed().IsMatch(line).ShouldBeFalse(line);
    }

    [Fact]
    public void Only_the_newest_calls_are_kept()
    {
        var history = new CallHistory();
        for (var status = 0; status < CallHistory.MostCalls + 10; status++)
        {
            history.Add(new("ecr", "PutImage", null, status, "POST", "/"));
        }

        history.Newest.Select(call => call.Status).ShouldBe(Enumerable.Range(10, CallHistory.MostCalls));
    }

    [Theory]
    [InlineData("attacker.example", false)]
    [InlineData("127.0.0.1.attacker.example", false)]
    [InlineData("localhost.attacker.example", false)]
    [InlineData("amazonaws.com.attacker.example", false)]
    [InlineData("xamazonaws.com", false)]
    [InlineData("localhost", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("[::1]", true)]
    [InlineData("emulator", true)]
    [InlineData("host.docker.internal", true)]
    [InlineData("444455556666.dkr.ecr.eu-west-1.amazonaws.com", true)]
    [InlineData("444455556666.dkr.ecr.cn-north-1.amazonaws.com.cn", true)]
    [InlineData("444455556666.dkr-ecr.eu-west-1.on.aws", true)]
    [InlineData("public.ecr.aws", true)]
    public async Task A_name_that_anyone_can_register_gets_no_credentials(string host, bool isAnswered)
    {
        await using var emulator = await Scenario.StartAsync();

        const string Path = "/latest/meta-data/iam/security-credentials/";
        (await StatusAsync(emulator, host, Path) != HttpStatusCode.MisdirectedRequest).ShouldBe(isAnswered);
        // A request that has to be signed is answered, as behind a proxy.
        (await StatusAsync(emulator, host, "/")).ShouldNotBe(HttpStatusCode.MisdirectedRequest);
    }

    [Fact]
    public async Task An_emulator_that_is_open_to_others_answers_under_any_name()
    {
        await using var emulator = await EcrEmulator.StartAsync(
            Scenario.Options() with
            {
                Address = IPAddress.Any,
            },
            Cancellation
        );

        (await StatusAsync(emulator, "ecr.corp.example", "/v2/")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static async Task<HttpStatusCode> StatusAsync(EcrEmulator emulator, string host, string path)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            new UriBuilder(emulator.Endpoint) { Host = "127.0.0.1", Path = path }.Uri
        );
        request.Headers.Host = $"{host}:{emulator.Endpoint.Port}";
        using var response = await client.SendAsync(request, Cancellation);
        return response.StatusCode;
    }

    [GeneratedRegex(@"[\p{C}\p{Zl}\p{Zp}]|##", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Obeyed();
}
