namespace EcrBuildTasks.Documentation.Tests.Pipelines;

/// <summary>The Jenkinsfile, by Groovy and by the syntax of declarative pipelines, and that these find what is wrong.</summary>
public sealed class JenkinsfileTests
{
    private static readonly Mistake[] Mistakes =
    [
        new("jenkins", "pipeline {", "pipelines {", "There is not exactly one block, pipeline { … }."),
        new("jenkins", "    options {", "    option {", "pipeline: option is not expected here"),
        new("jenkins", "    agent {", "    agents {", "pipeline: agent is missing"),
        new("jenkins", "            image '", "            imag '", "docker: image is missing"),
        new(
            "jenkins",
            "disableConcurrentBuilds()",
            "noConcurrentBuilds()",
            "options: noConcurrentBuilds is not expected here"
        ),
        new("jenkins", "unit: 'MINUTES'", "units: 'MINUTES'", "timeout: units is not expected here"),
        new("jenkins", "PROJECT = 'Hello", "project 'Hello", "environment: project is not assigned"),
        new("jenkins", "        stage('Push') {", "        step('Push') {", "stages: step is not expected here"),
        new("jenkins", "stage('Push')", "stage()", "stage: has no name, or no braces"),
        new(
            "jenkins",
            "            steps {",
            "            step {",
            "stage Push: does not have exactly one of steps, stages, parallel, matrix"
        ),
        new(
            "jenkins",
            "    stages {",
            "    environment { A = 'a' }\n    stages {",
            "pipeline: environment is there 2 times"
        ),
        new("jenkins", "sh 'dotnet", "shell 'dotnet", "shell: is neither a step nor an option that is known"),
        new("jenkins", "[file(credentialsId", "[file(credentials", "file: credentialsId is missing"),
        new(
            "jenkins",
            "allowEmptyArchive: true",
            "allowEmpty: true",
            "archiveArtifacts: allowEmpty is not expected here"
        ),
        new("jenkins", "        always {", "        ever {", "post: ever is not expected here"),
    ];

    private static readonly Lazy<Task<IReadOnlyList<Jenkinsfile>>> Read = new(() =>
    {
        var text = PipelineSample.Of("jenkins").Read();
        var notGroovy = new Mistake("jenkins", "stages {", "stages {{").In(text);
        return Jenkinsfile.ReadAsync([text, notGroovy, .. Mistakes.Select(mistake => mistake.In(text))]);
    });

    public static TheoryData<int> MistakeNumbers => [.. Enumerable.Range(0, Mistakes.Length)];

    [Fact]
    public async Task It_is_a_declarative_pipeline() => DeclarativeSyntax.Check((await Read.Value)[0]).ShouldBeEmpty();

    [Fact]
    public async Task What_is_not_Groovy_is_not_read() =>
        DeclarativeSyntax.Check((await Read.Value)[1]).ShouldHaveSingleItem().ShouldContain("startup failed");

    [Theory]
    [MemberData(nameof(MistakeNumbers))]
    public async Task A_mistake_is_found(int number) =>
        DeclarativeSyntax.Check((await Read.Value)[2 + number]).ShouldContain(Mistakes[number].Finding);

    [Fact]
    public async Task Whatever_asks_AWS_has_the_token_as_a_file()
    {
        var pipeline = (await Read.Value)[0].Calls!.ShouldHaveSingleItem();

        foreach (var stage in pipeline["stages"].Body!)
        {
            var credentials = stage["steps"]["withCredentials"];
            var file = credentials.Arguments.ShouldHaveSingleItem()!.AsArray().ShouldHaveSingleItem()!;
            file["name"]!.GetValue<string>().ShouldBe("file");
            file["arguments"]![0]!["variable"]!.GetValue<string>().ShouldBe("AWS_WEB_IDENTITY_TOKEN_FILE");
            credentials.Names.ShouldBe(["sh"]);
        }
    }
}
