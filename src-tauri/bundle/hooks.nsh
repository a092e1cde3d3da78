; What Tauri's installer for Windows does beyond its template, which calls these macros.

; Only where the person uninstalls: an update runs the old uninstaller too, and keeps everything.
!macro NSIS_HOOK_PREUNINSTALL
  ${If} $UpdateMode <> 1
    ; The entry that starts the app at log-in (its name is that of the product).
    DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "${PRODUCTNAME}"
    ; "Delete the application data" was ticked: the passwords in the Credential Manager go as well. The app knows which
    ; they are as long as its data is there.
    ${If} $DeleteAppDataCheckboxState = 1
      ExecWait '"$INSTDIR\${MAINBINARYNAME}.exe" --forget-secrets'
    ${EndIf}
  ${EndIf}
!macroend
