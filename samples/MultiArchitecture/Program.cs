var app = WebApplication.CreateBuilder(args).Build();

app.MapGet("/", () => $"Hello from {System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture}.");

app.Run();
