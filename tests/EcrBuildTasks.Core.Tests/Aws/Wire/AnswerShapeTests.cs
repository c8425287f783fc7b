using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Policies.Tests.Hostile;
using EcrBuildTasks.Push;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EcrBuildTasks.Core.Tests.Aws.Wire;

/// <summary>Whatever comes back in place of an answer, it ends in one coded diagnostic that says from where.</summary>
public sealed class AnswerShapeTests
{
    private const string Json = "application/x-amz-json-1.1";
    private const string BlockPage =
        "<!DOCTYPE html><html><head><title> Access &amp; Co: blocked </title></head><body><p>Hello<br></body></html>";

    private static readonly Dictionary<string, (StubAnswer Answer, EcrCode Code, string Words)> Shapes = new(
        StringComparer.Ordinal
    )
    {
        ["__type"] = (Error("""{"__type":"ThrottlingException","message":"m"}"""), EcrCode.Throttled, "ThrottlingEx"),
        ["__type with namespace"] = (
            Error("""{"__type":"com.amazonaws.ecr#ExpiredTokenException","message":"m"}"""),
            EcrCode.CredentialsExpired,
            "have expired"
        ),
        ["__type with URL"] = (
            Error("""{"__type":"ServerException:http://internal.amazon.com/coral/x/","message":"It broke"}""", 500),
            EcrCode.RegistryFailed,
            "500 ServerException: It broke"
        ),
        ["__type with namespace and URL"] = (
            Error("""{"__type":"com.amazonaws.ecr#UnrecognizedClientException:http://x/","message":"m"}"""),
            EcrCode.CredentialsInvalid,
            "UnrecognizedClientException"
        ),
        ["Message with a capital"] = (
            Error("""{"__type":"InvalidParameterException","Message":"Not so"}"""),
            EcrCode.TokenUnavailable,
            "InvalidParameterException: Not so"
        ),
        ["code in place of __type"] = (
            Error("""{"code":"InvalidParameterException","message":"Not so"}"""),
            EcrCode.TokenUnavailable,
            "InvalidParameterException: Not so"
        ),
        ["no message"] = (Error("""{"__type":"ServerException"}""", 500), EcrCode.RegistryFailed, "ServerException"),
        ["message null"] = (
            Error("""{"__type":"ServerException","message":null}""", 500),
            EcrCode.RegistryFailed,
            "ServerException"
        ),
        ["header of the error's type"] = (
            Error("{}") with
            {
                Header = ("x-amzn-errortype", "ExpiredTokenException:http://internal.amazon.com/coral/"),
            },
            EcrCode.CredentialsExpired,
            "have expired"
        ),
        ["header of the error's type and no body"] = (
            Error("") with
            {
                Header = ("x-amzn-ErrorType", "UnrecognizedClientException"),
            },
            EcrCode.CredentialsInvalid,
            "UnrecognizedClientException"
        ),
        ["wrong content type"] = (
            Error("""{"__type":"ExpiredTokenException","message":"m"}""") with
            {
                ContentType = "text/plain",
            },
            EcrCode.CredentialsExpired,
            "have expired"
        ),
        ["other members around"] = (
            Error("""{"extra":{"__type":"ServerException","message":"x"},"__type":"ThrottlingException","a":[1]}"""),
            EcrCode.Throttled,
            "ThrottlingException"
        ),
        ["quota"] = (
            Error("""{"__type":"LimitExceededException","message":"Too many repositories"}"""),
            EcrCode.QuotaExceeded,
            "Too many repositories"
        ),
        ["no body, 400"] = (Error(""), EcrCode.AnsweredByOther, "400 with no error code"),
        ["no body, 403"] = (Error("", 403), EcrCode.AnsweredByOther, "403 with no error code"),
        ["no body, 500"] = (Error("", 500), EcrCode.AnsweredByOther, "500 with no error code"),
        ["no body, 429"] = (Error("", 429), EcrCode.Throttled, "retries"),
        ["no body, 503"] = (Error("", 503), EcrCode.Throttled, "retries"),
        ["another's JSON"] = (
            Error("""{"code":403,"message":"Forbidden"}""", 403),
            EcrCode.AnsweredByOther,
            "403 with no error code"
        ),
        ["JSON of another kind"] = (Error("[1,2]"), EcrCode.AnsweredByOther, "400 with no error code"),
        ["JSON cut off"] = (Error("""{"__type":"Expired"""), EcrCode.AnsweredByOther, "400 with "),
        ["text"] = (Text("Bad gateway", 502), EcrCode.AnsweredByOther, "502 with "),
        ["page of a proxy"] = (Page(BlockPage, 403), EcrCode.AnsweredByOther, "403 with a web page"),
        ["page of a proxy, 407"] = (Page(BlockPage, 407), EcrCode.AnsweredByOther, "407 with "),
        ["page of a proxy, well-formed"] = (
            Page("<html><head><title>No</title></head></html>", 502),
            EcrCode.AnsweredByOther,
            "502 with a web page"
        ),
        ["page of a proxy without a title"] = (Page("<html>", 504), EcrCode.AnsweredByOther, "504 with a web page"),
        ["page of a load balancer"] = (Page(BlockPage, 503), EcrCode.Throttled, "retries"),
        ["redirection"] = (
            Page("", 302) with
            {
                Header = ("Location", "https://login.hotel.example/portal?token=x"),
            },
            EcrCode.AnsweredByOther,
            "302 with a redirect to login.hotel.example"
        ),
        ["redirection that keeps the request"] = (
            Page("", 307) with
            {
                Header = ("Location", "https://login.hotel.example/"),
            },
            EcrCode.AnsweredByOther,
            "307 with a redirect to login.hotel.example"
        ),
        ["redirection to nowhere"] = (Page("", 301), EcrCode.AnsweredByOther, "301 with "),
        ["captive portal"] = (Page(BlockPage, 200), EcrCode.AnsweredByOther, "200 with a web page"),
        ["text in place of an answer"] = (Text("OK", 200), EcrCode.AnsweredByOther, "200 with "),
        ["nothing in place of an answer"] = (new(200, ""), EcrCode.AnsweredByOther, "200"),
        ["null in place of an answer"] = (new(200, "null"), EcrCode.AnsweredByOther, "200 with "),
        ["an answer without a token"] = (new(200, "{}"), EcrCode.AnsweredByOther, "GetAuthorizationToken"),
        ["an answer with half a token"] = (
            new(200, """{"authorizationData":[{"authorizationToken":"QVdT","proxyEndpoint":"https://x"}]}"""),
            EcrCode.AnsweredByOther,
            "GetAuthorizationToken"
        ),
        ["an answer cut off in the token"] = (
            new(200, """{"authorizationData":[{"authorizationToken":"QVdTOnNlY3JldA"""),
            EcrCode.AnsweredByOther,
            "200 with an unreadable body"
        ),
    };

    public static TheoryData<string> Names => [.. Shapes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_answer_to_the_call_for_a_token_ends_in_its_code(string name)
    {
        var (answer, code, words) = Shapes[name];
        await using var service = await StubService.StartAsync(answer);
        using var environment = Environment(service.Url);

        var diagnostic = await DiagnoseAsync(() => AskForTokenAsync(environment));

        diagnostic.Code.ShouldBe(code, diagnostic.Message);
        diagnostic.Message.ShouldContain(words);
        if (code == EcrCode.AnsweredByOther || code == EcrCode.RegistryFailed)
        {
            diagnostic.Message.ShouldStartWith(service.Url.ToString());
        }
    }

    [Theory]
    [InlineData("no body, 403")]
    [InlineData("page of a proxy")]
    [InlineData("page of a proxy, well-formed")]
    [InlineData("text")]
    [InlineData("redirection")]
    [InlineData("captive portal")]
    [InlineData("text in place of an answer")]
    [InlineData("nothing in place of an answer")]
    [InlineData("page of a load balancer")]
    public async Task Where_nobody_but_a_proxy_answers_the_preflight_says_so(string name)
    {
        var (answer, code, _) = Shapes[name];
        await using var service = await StubService.StartAsync(answer);
        using var environment = Environment(service.Url);

        var outcome = await new PushPipeline(new(environment.Variables)).PreflightAsync(
            new()
            {
                Registry = "444455556666.dkr.ecr.eu-west-1.amazonaws.com",
                Repository = "app",
                Tags = ["1"],
                Mode = PushMode.Registry,
            },
            TestContext.Current.CancellationToken
        );

        var diagnostic = outcome.Diagnostics.ShouldHaveSingleItem();
        diagnostic.Code.ShouldBe(code, diagnostic.Message);
        // No call is repeated, and what needs a repository that exists is not asked.
        service.Requests.Count.ShouldBe(5);
    }

    [Property(MaxTest = 300)]
    public FsCheck.Property Whatever_bytes_come_back_the_outcome_is_one_coded_diagnostic() =>
        Prop.ForAll(Answers().ToArbitrary(), answer => IsDiagnosedAsync(answer).GetAwaiter().GetResult());

    private static Gen<StubAnswer> Answers() =>
        from body in MangledTexts.Of([.. Shapes.Values.Select(shape => shape.Answer.Body)])
        from status in Gen.Elements(200, 201, 204, 299, 300, 304, 400, 403, 404, 418, 429, 499, 500, 503, 599)
        from type in Gen.Elements(Json, "text/html", "text/plain; charset=utf-16", "nonsense", "")
        select new StubAnswer(status, status is 204 or 304 ? "" : body, type);

    private static async Task<bool> IsDiagnosedAsync(StubAnswer answer)
    {
        await using var service = await StubService.StartAsync(answer);
        using var environment = Environment(service.Url);
        return IsReadable(await DiagnoseAsync(() => AskForTokenAsync(environment)))
            && IsReadable(await DiagnoseAsync(() => AskWhoCallsAsync(environment)));
    }

    private static bool IsReadable(EcrDiagnostic diagnostic) =>
        diagnostic.Code != EcrCode.InternalError
        && diagnostic.Message.Length is > 0 and < 4000
        && !diagnostic.Message.Contains("   at ", StringComparison.Ordinal);

    private static Task AskForTokenAsync(AwsEnvironment environment) =>
        new AwsIdentities(environment.Variables).GetAuthorizationAsync(
            new() { Region = "eu-west-1" },
            EcrRegistry.Create("444455556666", "eu-west-1"),
            renew: false,
            TestContext.Current.CancellationToken
        );

    private static Task AskWhoCallsAsync(AwsEnvironment environment) =>
        environment.Open(new() { Region = "eu-west-1" }).GetCallerIdentityAsync(TestContext.Current.CancellationToken);

    private static async Task<EcrDiagnostic> DiagnoseAsync(Func<Task> call)
    {
        var failure = await Should.ThrowAsync<Exception>(call);
        failure.ToString().ShouldNotContain("QVdT");
        failure.ToString().ShouldNotContain("env-secret");
        return FailureDiagnosis.Find(failure).ShouldNotBeNull(failure.ToString());
    }

    private static AwsEnvironment Environment(Uri endpoint) =>
        new("", [.. AwsEnvironment.Keys, ("AWS_ENDPOINT_URL", endpoint.ToString()), ("AWS_MAX_ATTEMPTS", "1")]);

    private static StubAnswer Error(string body, int status = 400) => new(status, body);

    private static StubAnswer Page(string body, int status) => new(status, body, "text/html");

    private static StubAnswer Text(string body, int status) => new(status, body, "text/plain");
}
