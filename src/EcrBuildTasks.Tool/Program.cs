using EcrBuildTasks.Tool.Commands;

return await EcrCommand.Create().Parse(args).InvokeAsync();
