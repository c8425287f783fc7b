#:sdk Microsoft.NET.Sdk.Web
#:package EcrBuildTasks@0.1.0
#:property EcrRegistry=444455556666.dkr.ecr.eu-west-1.amazonaws.com
#:property ContainerRepository=single-file
#:property PublishAot=false

var app = WebApplication.CreateBuilder(args).Build();
app.MapGet("/", () => "Hello from one file!");
app.Run();
